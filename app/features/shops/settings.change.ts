import { changesOf, type Leaf } from "#app/features/audit/diff.ts";
import type { ShopSettings } from "#app/features/shops/settings.ts";

/** Where a person may be named: of these the audit log, which nobody can change, says only that they changed. */
const PERSONAL = new Set(["sender.replyTo", "footer.legalName", "footer.address", "footer.contact"]);

type Facts = { [name: string]: Leaf | Facts };

/** What the audit log keeps of a change: the fields that changed and no others, and nobody's name or address. */
export function settingsChange(old: ShopSettings, now: ShopSettings): { before: Facts; after: Facts } {
  const change = { before: {}, after: {} };
  for (const { path, before, after } of changesOf(old, now)) {
    if (PERSONAL.has(path.join("."))) {
      put(change.after, path, "changed");
      continue;
    }
    if (before !== undefined) put(change.before, path, before);
    if (after !== undefined) put(change.after, path, after);
  }
  return change;
}

function put(facts: Facts, [name, ...rest]: string[], value: Leaf): void {
  if (name === undefined) return;
  if (rest.length === 0) facts[name] = value;
  else put((facts[name] ??= {}) as Facts, rest, value);
}
