// ui-nav-menu, s-app-nav, ui-title-bar, ui-save-bar: what they hold is shown by the admin, not by the page.
{
  const bridge = window.__appBridge;
  const on = (element, name) => element.hasAttribute(name) && element.getAttribute(name) !== "false";
  const text = (element) => element.textContent.trim();

  const sheet = new CSSStyleSheet();
  sheet.replaceSync("ui-nav-menu, s-app-nav, ui-title-bar, ui-save-bar, ui-modal { display: none; }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

  const showing = new Set();
  bridge.savebars = {
    showing: () => [...showing].findLast((bar) => bar.isConnected !== false),
    set(bar, visible) {
      if (showing.has(bar) === visible) return;
      if (visible) showing.add(bar);
      else showing.delete(bar);
      bar.dispatchEvent?.(new Event(visible ? "show" : "hide"));
      look();
    },
  };

  class SaveBar extends HTMLElement {
    get showing() {
      return showing.has(this);
    }
    get discardConfirmation() {
      return on(this, "discardconfirmation");
    }
    async show() {
      bridge.savebars.set(this, true);
    }
    async hide() {
      bridge.savebars.set(this, false);
    }
    toggle() {
      return this.showing ? this.hide() : this.show();
    }
    disconnectedCallback() {
      bridge.savebars.set(this, false);
    }
    button(kind) {
      const buttons = [...this.querySelectorAll("button")];
      const primary = buttons.find((each) => each.getAttribute("variant") === "primary");
      return kind === "save" ? primary : buttons.find((each) => each !== primary);
    }
    describe() {
      const state = (button) =>
        button ? { disabled: button.disabled, loading: on(button, "loading") } : null;
      return {
        save: state(this.button("save")),
        discard: state(this.button("discard")),
        confirm: this.discardConfirmation,
      };
    }
    press(kind) {
      this.button(kind)?.click();
    }
  }
  customElements.define("ui-save-bar", SaveBar);
  for (const name of ["ui-nav-menu", "s-app-nav", "ui-title-bar"])
    customElements.define(name, class extends HTMLElement {});

  /** Actions of a title bar, in order; the admin presses them by their place. */
  bridge.titleActions = (bar) => [...bar.querySelectorAll("button, a")];
  bridge.describeTitle = (bar) => ({
    title: bar.getAttribute("title") ?? document.title,
    actions: bridge.titleActions(bar).map((each) => ({
      label: text(each),
      kind: each.getAttribute("variant") ?? (each.closest("section") ? "menu" : "secondary"),
      menu: each.closest("section")?.getAttribute("label") ?? null,
      tone: each.getAttribute("tone"),
      disabled: on(each, "disabled"),
      loading: on(each, "loading"),
    })),
  });
  bridge.press = (element) => {
    if (element.localName === "a" && element.hasAttribute("href") && !element.target)
      bridge.navigate(element);
    else element.click();
  };

  const titleBar = () =>
    [...document.querySelectorAll("ui-title-bar")].find((each) => !each.closest("ui-modal"));

  let last = "";
  function describe() {
    const nav = document.querySelector("ui-nav-menu, s-app-nav");
    const bar = titleBar();
    const save = bridge.savebars.showing();
    return {
      nav: nav
        ? [...nav.querySelectorAll("a, s-link")].map((each) => ({
            href: each.getAttribute("href"),
            label: text(each),
            home: each.getAttribute("rel") === "home",
          }))
        : null,
      title: bar ? bridge.describeTitle(bar) : { title: document.title, actions: [] },
      saveBar: save ? save.describe() : null,
      known: document.readyState !== "loading",
    };
  }
  function look() {
    const now = describe();
    const key = JSON.stringify(now);
    if (key === last) return;
    last = key;
    bridge.tell("chrome", now);
  }
  let planned = false;
  const lookSoon = () => {
    if (planned) return;
    planned = true;
    queueMicrotask(() => {
      planned = false;
      look();
    });
  };
  new MutationObserver(lookSoon).observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    characterData: true,
  });
  window.addEventListener("DOMContentLoaded", look);

  bridge.handlers.titleAction = ({ place }) => {
    const bar = titleBar();
    const element = bar && bridge.titleActions(bar)[place];
    if (element) bridge.press(element);
  };
  bridge.handlers.saveBar = ({ action }) => bridge.savebars.showing()?.press(action);
  bridge.handlers.dropSaveBars = () => {
    for (const bar of [...showing]) bridge.savebars.set(bar, false);
  };
}
