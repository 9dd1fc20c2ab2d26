// ui-modal: a dialog over the page. React renders into `.content`, which is only put into the document when shown.
{
  const bridge = window.__appBridge;
  const WIDTHS = { small: 380, base: 620, large: 980, max: 1600 };
  const CSS = `
    dialog { box-sizing: border-box; width: min(var(--width), calc(100vw - 24px)); max-height: calc(100vh - 32px); padding: 0; border: 0;
      border-radius: 12px; box-shadow: 0 20px 60px #0006; font: 14px/20px Inter, system-ui, sans-serif; color: #303030; }
    dialog::backdrop { background: #0008; }
    header, footer { display: flex; gap: 8px; align-items: center; padding: 12px 16px; background: #f3f3f3; }
    header h2 { flex: 1; margin: 0; font-size: 14px; }
    footer { justify-content: flex-end; background: #fff; border-top: 1px solid #ebebeb; }
    button { font: inherit; font-weight: 550; padding: 6px 12px; border: 1px solid #8a8a8a; border-radius: 8px; background: #fff; cursor: pointer; }
    button[data-kind="primary"] { background: #303030; color: #fff; border-color: #303030; }
    button[data-tone="critical"] { background: #c70a24; color: #fff; border-color: #c70a24; }
    button:disabled { opacity: .5; cursor: default; }
    button.close { border: 0; background: none; font-size: 18px; line-height: 1; padding: 6px 8px; }
    :focus-visible { outline: 2px solid #005bd3; outline-offset: 1px; }
    .body { overflow: auto; max-height: calc(100vh - 150px); }
    iframe { display: block; width: 100%; height: 70vh; border: 0; }`;

  class Modal extends HTMLElement {
    #content = document.createElement("div");
    #holder;
    #watch;

    get content() {
      return this.src ? undefined : this.#content;
    }
    get src() {
      return this.getAttribute("src") ?? undefined;
    }
    set src(value) {
      this.setAttribute("src", value);
    }
    get variant() {
      return this.getAttribute("variant") ?? "base";
    }
    set variant(value) {
      this.setAttribute("variant", value);
    }
    get contentWindow() {
      return this.#holder?.shadowRoot.querySelector("iframe")?.contentWindow ?? null;
    }

    async show() {
      if (this.#holder) return;
      this.#holder = document.createElement("div");
      const root = this.#holder.attachShadow({ mode: "open" });
      root.innerHTML = `<style>${CSS}</style><dialog aria-labelledby="title"><header><h2 id="title"></h2>
        <button class="close" aria-label="Close">✕</button></header><div class="body"></div><footer></footer></dialog>`;
      const dialog = root.querySelector("dialog");
      dialog.style.setProperty("--width", `${WIDTHS[this.variant] ?? WIDTHS.base}px`);
      root.querySelector(".close").addEventListener("click", () => this.hide());
      dialog.addEventListener("close", () => this.hide());
      if (this.src) {
        const frame = document.createElement("iframe");
        frame.src = new URL(this.src, location.href).href;
        frame.title = this.#bar()?.getAttribute("title") ?? "Dialog";
        root.querySelector(".body").append(frame);
      } else {
        // In the page's own tree (slotted), so that its styles apply.
        root.querySelector(".body").append(document.createElement("slot"));
        this.#holder.append(this.#content);
      }
      this.#fill();
      this.#watch = new MutationObserver(() => this.#fill());
      this.#watch.observe(this, { childList: true, subtree: true, attributes: true, characterData: true });
      document.body.append(this.#holder);
      dialog.showModal();
      this.dispatchEvent(new Event("show"));
    }

    async hide() {
      if (!this.#holder) return;
      this.#watch.disconnect();
      this.#holder.remove();
      this.#holder = undefined;
      this.dispatchEvent(new Event("hide"));
    }

    toggle() {
      return this.#holder ? this.hide() : this.show();
    }

    disconnectedCallback() {
      void this.hide();
    }

    #bar() {
      return this.querySelector("ui-title-bar");
    }

    #fill() {
      const root = this.#holder?.shadowRoot;
      if (!root) return;
      const bar = this.#bar();
      root.querySelector("h2").textContent = bar?.getAttribute("title") ?? "";
      const actions = bar ? bridge.describeTitle(bar).actions : [];
      const buttons = actions.map((action, place) => {
        const button = document.createElement("button");
        button.textContent = action.label;
        button.dataset.kind = action.kind;
        if (action.tone) button.dataset.tone = action.tone;
        button.disabled = action.disabled || action.loading;
        button.setAttribute("aria-busy", String(action.loading));
        button.addEventListener("click", () => bridge.press(bridge.titleActions(bar)[place]));
        return button;
      });
      const footer = root.querySelector("footer");
      // The primary action comes last, on the right.
      footer.replaceChildren(
        ...buttons.sort(
          (a, b) => Number(a.dataset.kind === "primary") - Number(b.dataset.kind === "primary"),
        ),
      );
      footer.hidden = buttons.length === 0;
      footer.style.display = buttons.length === 0 ? "none" : "";
    }
  }
  customElements.define("ui-modal", Modal);
}
