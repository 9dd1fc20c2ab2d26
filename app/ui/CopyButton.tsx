import { Button } from "@shopify/polaris";
import { CheckIcon, ClipboardIcon } from "@shopify/polaris-icons";
import { useEffect, useState } from "react";
import { useWords } from "#app/ui/words/words.ts";

/** Copies a text. `label` says which one, for those who hear the page. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const words = useWords().shell.actions;
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      icon={copied ? CheckIcon : ClipboardIcon}
      accessibilityLabel={copied ? words.copied : label}
      size="slim"
      onClick={() => void copy(text).then(setCopied)}
    >
      {copied ? words.copied : words.copy}
    </Button>
  );
}

/** The clipboard may be closed to an iframe; selecting and copying the old way still works there. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: text });
    area.style.position = "fixed";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
