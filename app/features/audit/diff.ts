/** A single fact; a list of facts is one as well. */
export type Leaf = string | number | boolean | null | (string | number | boolean | null)[];
/** One difference. `undefined`: it was not there, or is not there any more. */
export type Change = { path: string[]; before?: Leaf; after?: Leaf };

const DEEPEST = 10;

/** What is different between two documents, fact by fact, in the order of the newer one. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const old = leavesOf(before);
  const now = leavesOf(after);
  const paths = new Set([...now.keys(), ...old.keys()]);
  return [...paths]
    .map((key) => ({ path: JSON.parse(key) as string[], before: old.get(key), after: now.get(key) }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}

function leavesOf(document: unknown): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const visit = (value: unknown, path: string[]) => {
    if (value === undefined || (value === null && path.length === 0)) return;
    if (isLeaf(value)) leaves.set(JSON.stringify(path), value);
    else if (path.length >= DEEPEST) leaves.set(JSON.stringify(path), JSON.stringify(value));
    else if (Array.isArray(value)) value.forEach((each, index) => visit(each, [...path, String(index + 1)]));
    else for (const [name, each] of Object.entries(value as object)) visit(each, [...path, name]);
  };
  visit(document, []);
  return leaves;
}

function isLeaf(value: unknown): value is Leaf {
  if (Array.isArray(value)) return value.every((each) => each === null || typeof each !== "object");
  return value === null || typeof value !== "object";
}
