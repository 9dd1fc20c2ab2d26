// Session tokens: on every request of the page to its own server, and for the bounce page.
{
  const bridge = window.__appBridge;
  const realFetch = window.fetch;
  let token;

  const expires = (jwt) =>
    JSON.parse(atob(jwt.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).exp * 1000;

  bridge.idToken = async (fresh = false) => {
    if (fresh || !token || expires(token) - Date.now() < 10_000) token = await bridge.ask("idToken");
    return token;
  };

  async function send(request, fresh) {
    const headers = new Headers(request.headers);
    headers.set("authorization", `Bearer ${await bridge.idToken(fresh)}`);
    headers.set("x-requested-with", "XMLHttpRequest");
    return realFetch(new Request(request, { headers }));
  }

  window.fetch = async function fetch(input, init) {
    const request = new Request(input, init);
    if (new URL(request.url).origin !== location.origin || request.headers.has("authorization"))
      return realFetch(input, init);
    const again = request.clone();
    let response = await send(request, false);
    if (response.status === 401 && response.headers.get("x-shopify-retry-invalid-session-request")) {
      response = await send(again, true);
    }
    const reauthorize = response.headers.get("x-shopify-api-request-failure-reauthorize-url");
    if (reauthorize) bridge.tell("open", { url: new URL(reauthorize, location.href).href, target: "_top" });
    return response;
  };

  const reload = new URLSearchParams(location.search).get("shopify-reload");
  if (reload) {
    void bridge.idToken(true).then((fresh) => {
      const url = new URL(reload, location.href);
      url.searchParams.set("id_token", fresh);
      // Behind the sandbox's proxy the app has another origin than it thinks.
      location.replace(`${location.origin}${url.pathname}${url.search}`);
    });
  }
}
