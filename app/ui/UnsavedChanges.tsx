import { useBlocker } from "@remix-run/react";
import { SaveBar } from "@shopify/app-bridge-react";
import { useEffect } from "react";
import { useWords } from "#app/ui/words/words.ts";

type UnsavedChangesProps = {
  /** Of this page; two save bars must not share one. */
  id: string;
  dirty: boolean;
  saving: boolean;
  onSave: () => void;
  onDiscard: () => void;
};

/** Shopify's save bar while a form differs from what is saved, and its question before leaving such a page. */
export function UnsavedChanges({ id, dirty, saving, onSave, onDiscard }: UnsavedChangesProps) {
  const words = useWords().shell.actions;
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty && !saving && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    // Resolves when the person agrees to lose the changes; else the page stays.
    shopify.saveBar.leaveConfirmation().then(blocker.proceed, blocker.reset);
  }, [blocker]);
  return (
    <SaveBar id={id} open={dirty}>
      <button variant="primary" onClick={onSave} loading={saving ? "" : undefined} disabled={saving}>
        {words.save}
      </button>
      <button onClick={onDiscard} disabled={saving}>
        {words.discard}
      </button>
    </SaveBar>
  );
}
