// window.shopify
{
  const bridge = window.__appBridge;
  const element = (id) => {
    const found = document.getElementById(id);
    if (!found) throw new Error(`No element with the id ${id}`);
    return found;
  };
  const shown = (name) => async (id) => element(id)[name]();

  const toasts = new Map();
  let count = 0;
  bridge.handlers.toast = ({ id, event }) => {
    const { onAction, onDismiss } = toasts.get(id) ?? {};
    if (event === "action") onAction?.();
    else {
      toasts.delete(id);
      onDismiss?.();
    }
  };

  const scopes = (method) => (list) => bridge.ask("scopes", { method, list });

  window.shopify = {
    config: bridge.config,
    origin: bridge.admin,
    ready: Promise.resolve(),
    environment: { embedded: true, mobile: false, pos: false, intent: false },
    idToken: () => bridge.idToken(),
    user: async () => ({ accountAccess: (await bridge.ask("user")).accountAccess }),
    loading: (isLoading = true) => bridge.tell("loading", { on: isLoading !== false }),
    toast: {
      show(message, { onAction, onDismiss, ...options } = {}) {
        const id = `toast-${(count += 1)}`;
        toasts.set(id, { onAction, onDismiss });
        bridge.tell("toast", { id, message: String(message), ...options });
        return id;
      },
      hide: (id) => bridge.tell("hideToast", { id }),
    },
    saveBar: {
      show: shown("show"),
      hide: shown("hide"),
      toggle: shown("toggle"),
      /** Settles when it is fine to leave: nothing is unsaved, or the merchant said so. */
      async leaveConfirmation() {
        if (!bridge.savebars.showing()) return;
        await bridge.ask("leave");
        bridge.handlers.dropSaveBars();
      },
    },
    modal: { show: shown("show"), hide: shown("hide"), toggle: shown("toggle") },
    async resourcePicker(options) {
      const selection = await bridge.ask("picker", JSON.parse(JSON.stringify(options)));
      if (!selection) return undefined;
      // The array is its own `selection`, as in the older shape of the answer.
      selection.selection = selection;
      return selection;
    },
    scopes: { query: scopes("query"), request: scopes("request"), revoke: scopes("revoke") },
    app: { extensions: async () => [] },
    webVitals: { onReport() {} },
    support: {
      async registerHandler(handler) {
        bridge.handlers.support = () => handler?.();
      },
    },
    reviews: {
      request: async () => ({
        success: false,
        code: "not-eligible",
        message: "Reviews are not part of the sandbox",
      }),
    },
  };
  bridge.tell("ready", { path: bridge.path() });
}
