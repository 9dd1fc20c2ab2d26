// A stand-in for Shopify's App Bridge. Classic script; the parts are joined in the order of their names.
// It runs before React hydrates the document, so it must not touch the DOM until something is shown.
{
  const admin = "__ADMIN_ORIGIN__";
  const FRAME_PARAMS = [
    "hmac",
    "locale",
    "protocol",
    "session",
    "id_token",
    "shop",
    "timestamp",
    "host",
    "embedded",
    "appLoadId",
    "shopify-reload",
  ];
  const query = new URLSearchParams(location.search);
  const script = document.currentScript;
  const waiting = new Map();
  let count = 0;

  // Storage throws in a cross-site iframe where the browser blocks it; then the configuration lives as long as the page.
  const remembered = () => {
    try {
      return JSON.parse(sessionStorage.getItem("app-bridge-config") ?? "{}");
    } catch {
      return {};
    }
  };
  const given = Object.fromEntries(
    ["host", "shop", "locale"].flatMap((key) => (query.get(key) ? [[key, query.get(key)]] : [])),
  );
  const meta = document.querySelector('meta[name="shopify-api-key"]')?.content;
  const config = {
    locale: "en",
    ...remembered(),
    ...given,
    apiKey: script?.dataset.apiKey ?? meta ?? remembered().apiKey,
  };
  try {
    sessionStorage.setItem("app-bridge-config", JSON.stringify(config));
  } catch {
    // Nothing to do: see above.
  }

  const bridge = {
    admin,
    config,
    /** The page's path as the admin's address bar shows it. */
    path() {
      const url = new URL(location.href);
      for (const key of FRAME_PARAMS) url.searchParams.delete(key);
      return url.pathname + url.search + url.hash;
    },
    tell(type, detail = {}) {
      window.top.postMessage({ appBridge: type, ...detail }, admin);
    },
    /** Asks the admin and waits for its answer. */
    ask(method, params = {}) {
      const id = `${Date.now()}-${(count += 1)}`;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        bridge.tell("request", { id, method, params });
      });
    },
    handlers: {},
  };
  window.__appBridge = bridge;

  window.addEventListener("message", (event) => {
    if (event.origin !== admin || !event.data?.shell) return;
    const { shell, ...detail } = event.data;
    if (shell === "answer") {
      const asked = waiting.get(detail.id);
      waiting.delete(detail.id);
      if (detail.error) asked?.reject(new Error(detail.error));
      else asked?.resolve(detail.result);
      return;
    }
    bridge.handlers[shell]?.(detail);
  });

  // Opened outside the admin: go where the app lives.
  if (window.top === window) {
    const handle = config.host ? atob(config.host).split("/store/")[1] : config.shop?.split(".")[0];
    if (handle) location.replace(`${admin}/store/${handle}/apps/${config.apiKey}${bridge.path()}`);
  }
}
