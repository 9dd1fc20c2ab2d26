// The admin around the app: talks with the App Bridge stand-in inside the iframe.
import { openPicker } from "/assets/picker.js";

const $ = (selector) => document.querySelector(selector);
const menu = $(".menu");
const nav = $("#nav");
menu.addEventListener("click", () =>
  menu.setAttribute("aria-expanded", String(nav.classList.toggle("open"))),
);
const closeMenu = () => {
  nav.classList.remove("open");
  menu.setAttribute("aria-expanded", "false");
};

/** @param {string} url @param {unknown} [body] a POST when given */
export async function json(url, body) {
  const init =
    body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(url, init);
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error ?? `The sandbox answered ${answer.status}`);
  return value;
}

$("#install")?.addEventListener("click", async (event) => {
  event.target.disabled = true;
  await json(event.target.dataset.url, {});
  location.reload();
});

const settings = $("#settings") && JSON.parse($("#settings").textContent);
$("#staff")?.addEventListener("change", async (event) => {
  await json(`${settings.shop}/staff`, { id: event.target.value });
  location.reload();
});
if (settings) embed();

function embed() {
  let frame;
  let saveBar = null;
  let links = [];
  let path = location.pathname.slice(settings.prefix.length) + location.search;

  const tell = (shell, detail = {}, to = frame.contentWindow) =>
    to.postMessage({ shell, ...detail }, settings.app);

  function load(url) {
    const fresh = document.createElement("iframe");
    // A new name each time: else the browser restores the old address, with its old token, after a reload.
    fresh.name = `app-${Math.random().toString(36).slice(2)}`;
    fresh.title = settings.name;
    fresh.allow = "clipboard-write";
    fresh.src = url;
    $("#app-frame").replaceChildren(fresh);
    frame = fresh;
  }
  load(settings.launch);

  async function go(href) {
    closeMenu();
    if (saveBar && !(await confirmLeave())) return;
    tell("dropSaveBars");
    if (links.some((each) => each.href === href) && alive) return tell("navigate", { href });
    load((await json(`${settings.shop}/launch?path=${encodeURIComponent(href)}`)).url);
  }

  // A page without App Bridge (a crash, an error page) cannot navigate itself.
  let alive = false;

  const says = {
    ready: () => (alive = true),
    location({ path: now }) {
      path = now;
      history.replaceState(null, "", settings.prefix + now);
      showLinks();
    },
    chrome({ nav: items, title, saveBar: bar }) {
      if (items) links = items;
      showLinks();
      showTitle(title);
      showSaveBar(bar);
    },
    loading: ({ on }) => ($("#loading").hidden = !on),
    toast: showToast,
    hideToast: ({ id }) => document.getElementById(id)?.remove(),
    open({ url, target }) {
      if (target === "_blank") window.open(url, "_blank", "noopener");
      else location.assign(url);
    },
    async request({ id, method, params }, source) {
      try {
        tell("answer", { id, result: await answers[method](params) }, source);
      } catch (error) {
        tell("answer", { id, error: error.message }, source);
      }
    },
  };

  const answers = {
    idToken: async () => (await json(`${settings.shop}/token`, {})).token,
    user: async () => ({ accountAccess: settings.accountOwner ? "account owner" : "full" }),
    picker: (options) => openPicker(settings.shop, options),
    async scopes({ method, list = [] }) {
      const now = await json(`${settings.shop}/scopes`);
      if (method === "query") return now;
      if (method === "revoke") return { detail: await json(`${settings.shop}/scopes`, { revoke: list }) };
      if (list.every((scope) => now.granted.includes(scope))) return { result: "granted-all", detail: now };
      const yes = await ask({
        title: `${settings.name} asks for more access`,
        text: list.join(", "),
        yes: "Update",
        no: "Cancel",
      });
      if (!yes) return { result: "declined-all", detail: now };
      return { result: "granted-all", detail: await json(`${settings.shop}/scopes`, { grant: list }) };
    },
    leave: () => new Promise((resolve) => void confirmLeave().then((yes) => yes && resolve(true))),
  };

  window.addEventListener("message", (event) => {
    if (event.origin !== settings.app || !event.data?.appBridge) return;
    const { appBridge, ...detail } = event.data;
    const mine = event.source === frame.contentWindow;
    if (!mine && !["request", "toast", "hideToast"].includes(appBridge)) return;
    void says[appBridge]?.(detail, event.source);
  });

  window.addEventListener("beforeunload", (event) => {
    if (saveBar) event.preventDefault();
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("#nav a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (link.id === "app-home" || link.closest("#app-nav")) {
      event.preventDefault();
      return go(link.dataset.href ?? links.find((each) => each.home)?.href ?? "");
    }
    if (!saveBar) return;
    event.preventDefault();
    if (!(await confirmLeave())) return;
    saveBar = null;
    location.assign(link.href);
  });

  const confirmLeave = () =>
    ask({
      title: "Leave page with unsaved changes?",
      text: "Leaving this page will delete all unsaved changes.",
      yes: "Leave page",
      no: "Stay",
      critical: true,
    });

  function showLinks() {
    const here = path.split(/[?#]/)[0];
    const shown = links.filter((each) => !each.home);
    // The longest link that the path begins with is the current one.
    const current = [...links]
      .sort((a, b) => b.href.length - a.href.length)
      .find((each) => here === each.href || here.startsWith(`${each.href}/`));
    const items = shown.map((each) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = settings.prefix + each.href;
      link.dataset.href = each.href;
      link.textContent = each.label;
      if (each === current) link.setAttribute("aria-current", "page");
      item.append(link);
      return item;
    });
    $("#app-nav").replaceChildren(...items);
  }

  function showTitle({ title, actions }) {
    $("#app-title").textContent = title ? `${settings.name} › ${title}` : settings.name;
    document.title = `${title ? `${title} · ` : ""}${settings.name} · Shopify`;
    const buttons = actions.map((action, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = action.kind === "breadcrumb" ? `← ${action.label}` : action.label;
      button.className = [action.kind, action.tone].filter(Boolean).join(" ");
      button.disabled = action.disabled || action.loading;
      button.setAttribute("aria-busy", String(action.loading));
      button.addEventListener("click", () => tell("titleAction", { place }));
      return button;
    });
    $("#title-actions").replaceChildren(...buttons.sort((a, b) => rank(a) - rank(b)));
  }
  const rank = (button) =>
    button.classList.contains("primary") ? 2 : button.classList.contains("breadcrumb") ? 0 : 1;

  function showSaveBar(bar) {
    saveBar = bar;
    $("#save-bar").hidden = !bar;
    for (const action of ["save", "discard"]) {
      const button = $(`#save-bar [data-action="${action}"]`);
      button.hidden = Boolean(bar) && !bar[action];
      button.disabled = !bar?.[action] || bar[action].disabled || bar[action].loading;
      button.setAttribute("aria-busy", String(bar?.[action]?.loading ?? false));
    }
  }
  $("#save-bar").addEventListener("click", async (event) => {
    const { action } = event.target.dataset;
    if (!action) return;
    const sure =
      action === "save" ||
      !saveBar?.confirm ||
      (await ask({
        title: "Discard all unsaved changes?",
        text: "You can't get them back.",
        yes: "Discard changes",
        no: "Continue editing",
        critical: true,
      }));
    if (sure) tell("saveBar", { action });
  });

  function showToast({ id, message, duration = 5000, isError, action }) {
    const toast = document.createElement("div");
    toast.id = id;
    toast.className = isError ? "toast error" : "toast";
    if (isError) toast.setAttribute("role", "alert");
    toast.append(message);
    const over = (event) => {
      if (!toast.isConnected) return;
      toast.remove();
      tell("toast", { id, event });
    };
    const button = (label, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = label;
      made.addEventListener("click", act);
      toast.append(made);
      return made;
    };
    if (action) button(action, () => tell("toast", { id, event: "action" }));
    button("✕", () => over("dismiss")).setAttribute("aria-label", "Dismiss");
    $("#toasts").append(toast);
    setTimeout(() => over("dismiss"), duration);
  }
}

/** A question with two answers; Escape is no. */
function ask({ title, text, yes, no, critical }) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "ask-title");
  dialog.innerHTML = `<form method="dialog"><h2 id="ask-title"></h2><div class="inside"></div>
    <footer><button value="no"></button><button value="yes"></button></footer></form>`;
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector(".inside").textContent = text;
  const [noButton, yesButton] = dialog.querySelectorAll("button");
  noButton.textContent = no;
  yesButton.textContent = yes;
  yesButton.className = critical ? "critical" : "primary";
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
