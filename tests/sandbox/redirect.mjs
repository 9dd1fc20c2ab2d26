// Preload (`node --import tests/sandbox/redirect.mjs`): sends what is meant for https://<shop>.myshopify.com to the
// sandbox at SANDBOX_SHOPIFY_URL and keeps the host in a header. Product code knows nothing of it.
// It must run before Shopify's Node adapter is imported, which captures `fetch`.
const target = process.env.SANDBOX_SHOPIFY_URL;
const SHOP = /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/i;

if (target) {
  const original = globalThis.fetch;
  globalThis.fetch = function fetch(input, init) {
    const request = input instanceof Request ? input : undefined;
    const url = new URL(request ? request.url : String(input));
    if (!SHOP.test(url.hostname)) return original(input, init);
    const headers = new Headers(init?.headers ?? request?.headers);
    headers.set("x-sandbox-host", url.hostname);
    const there = new URL(url.pathname + url.search, target);
    if (!request) return original(there, { ...init, headers });
    return original(new Request(there, request), { ...init, headers });
  };
}
