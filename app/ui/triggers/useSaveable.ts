import { useEffect, useMemo, useState } from "react";
import type { FieldErrors } from "#app/platform/forms.ts";
import { focusFirstError } from "#app/ui/triggers/focusFirstError.ts";

/** What an action says to a save. */
export type SaveAnswer<Saved> = { ok: true; saved: Saved } | { ok: false; errors: FieldErrors };

type Options<Form, Saved> = {
  /** What is saved, as the form shows it; the same object until it changes. */
  stored: Form;
  fetcher: { state: string; data: SaveAnswer<Saved> | undefined };
  /** The check at the door, also run here. */
  check: (form: Form) => FieldErrors;
  submit: (form: Form) => void;
  onSaved: (saved: Saved) => void;
  /** A new thing's page is left for the thing's own; until then it stays as it is. */
  leavesWhenSaved: boolean;
};

const NONE: FieldErrors = {};

/**
 * A form that is saved as a whole: what is edited stays until it is stored or discarded. Errors appear with a save and
 * go while they are mended; no new ones are told before the next save.
 */
export function useSaveable<Form, Saved>({
  stored,
  fetcher,
  check,
  submit,
  onSaved,
  leavesWhenSaved,
}: Options<Form, Saved>) {
  const [form, setForm] = useState(stored);
  const [errors, setErrors] = useState(NONE);
  const [refusals, setRefusals] = useState(0);
  const settled = fetcher.state === "idle" ? fetcher.data : undefined;
  const [seen, setSeen] = useState(settled);
  if (settled && settled !== seen) {
    setSeen(settled);
    setErrors(settled.ok ? NONE : settled.errors);
    // As it was stored, which may be a space shorter than what was typed.
    if (settled.ok && !leavesWhenSaved) setForm(stored);
    if (!settled.ok) setRefusals(refusals + 1);
  }

  useEffect(() => {
    if (refusals > 0) focusFirstError();
  }, [refusals]);

  const saved = seen?.ok ? seen.saved : null;
  useEffect(() => {
    if (saved !== null) onSaved(saved);
    // Once for each save, whatever the page's functions are by then.
  }, [saved]);

  return {
    form,
    errors,
    busy: fetcher.state !== "idle" || (leavesWhenSaved && saved !== null),
    dirty: useMemo(() => JSON.stringify(form) !== JSON.stringify(stored), [form, stored]),
    change(next: Form) {
      setForm(next);
      if (errors === NONE) return;
      const still = Object.entries(check(next)).filter(([field]) => field in errors);
      setErrors(still.length > 0 ? Object.fromEntries(still) : NONE);
    },
    save() {
      const found = check(form);
      if (Object.keys(found).length === 0) return submit(form);
      setErrors(found);
      setRefusals(refusals + 1);
    },
    discard() {
      setForm(stored);
      setErrors(NONE);
    },
  };
}
