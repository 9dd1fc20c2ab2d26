// Keeps the admin's address bar in step with the page, and passes navigation both ways.
{
  const bridge = window.__appBridge;
  const report = () => bridge.tell("location", { path: bridge.path() });

  for (const method of ["pushState", "replaceState"]) {
    const original = history[method];
    history[method] = function change(...args) {
      original.apply(this, args);
      report();
    };
  }
  window.addEventListener("popstate", report);
  window.addEventListener("hashchange", report);
  window.addEventListener("pageshow", report);

  /** `shopify://admin/…` and addresses of the admin, as this admin knows them. */
  const inAdmin = (url) => {
    const text = String(url);
    const scheme = /^shopify:\/*admin\/?(.*)$/i.exec(text);
    if (scheme) return `${bridge.admin}/store/${atob(bridge.config.host).split("/store/")[1]}/${scheme[1]}`;
    return text.startsWith("https://admin.shopify.com/")
      ? bridge.admin + text.slice("https://admin.shopify.com".length)
      : undefined;
  };

  const realOpen = window.open;
  window.open = function open(url, target, ...rest) {
    const there = inAdmin(url);
    if (!there && target !== "_top" && target !== "_parent")
      return realOpen.call(window, url, target, ...rest);
    bridge.tell("open", { url: there ?? new URL(url, location.href).href, target });
    return null;
  };

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const there = link && inAdmin(link.getAttribute("href"));
    if (!there || event.defaultPrevented) return;
    event.preventDefault();
    bridge.tell("open", { url: there, target: link.target || "_top" });
  });

  /** What App Bridge does when somebody clicks the app's navigation in the admin; the app's router listens for it. */
  bridge.navigate = (element) => {
    element.dispatchEvent(new CustomEvent("shopify:navigate", { bubbles: true, cancelable: true }));
  };
  bridge.handlers.navigate = ({ href }) => {
    const links = [...document.querySelectorAll("ui-nav-menu a, s-app-nav a, s-app-nav s-link")];
    const link = links.find((each) => each.getAttribute("href") === href);
    if (link) bridge.navigate(link);
  };
}
