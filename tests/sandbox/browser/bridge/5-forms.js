// <form data-save-bar>: the save bar appears when something in the form has changed; Save submits, Discard resets.
{
  const bridge = window.__appBridge;
  const bars = new WeakMap();

  const values = (form) =>
    JSON.stringify(
      [...new FormData(form)].map(([name, value]) => [
        name,
        value instanceof File ? [value.name, value.size] : value,
      ]),
    );

  function barOf(form) {
    const known = bars.get(form);
    if (known) return known;
    const bar = {
      clean: values(form),
      get isConnected() {
        return form.isConnected;
      },
      describe: () => ({
        save: { disabled: false, loading: false },
        discard: { disabled: false, loading: false },
        confirm: form.hasAttribute("data-discard-confirmation"),
      }),
      press: (kind) => (kind === "save" ? form.requestSubmit() : form.reset()),
    };
    bars.set(form, bar);
    return bar;
  }

  const scan = () => document.querySelectorAll("form[data-save-bar]").forEach(barOf);
  new MutationObserver(scan).observe(document, { childList: true, subtree: true });
  window.addEventListener("DOMContentLoaded", scan);

  const compare = (form) => bridge.savebars.set(barOf(form), values(form) !== barOf(form).clean);
  const formOf = (target) =>
    target?.form?.closest?.("form[data-save-bar]") ?? target?.closest?.("form[data-save-bar]");
  for (const type of ["input", "change"]) {
    document.addEventListener(type, (event) => {
      const form = formOf(event.target);
      if (form) compare(form);
    });
  }
  document.addEventListener("reset", (event) => {
    const form = formOf(event.target);
    if (form) setTimeout(() => bridge.savebars.set(barOf(form), false));
  });
  document.addEventListener("submit", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    barOf(form).clean = values(form);
    bridge.savebars.set(barOf(form), false);
  });
}
