/** After a refused save: brings the first marked field to the person, also to one who doesn't see the page. */
export function focusFirstError(): void {
  // The marks are painted first.
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>('[aria-invalid="true"]');
    const message = document.querySelector<HTMLElement>('[id$="Error"]');
    const target = field ?? message;
    target?.scrollIntoView({ block: "center" });
    field?.focus({ preventScroll: true });
  });
}
