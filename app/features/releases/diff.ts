/** A line of a text, compared with another. */
export type DiffLine = { kind: "same" | "added" | "removed"; text: string };

/** Longer than this on both sides, texts are shown one after the other instead of line by line. */
const MOST_CELLS = 4_000_000;

/** What became of a text, line by line; an empty text has no lines. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  )
    end++;
  return [
    ...as("same", now.slice(0, start)),
    ...between(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...as("same", now.slice(now.length - end)),
  ];
}

const linesOf = (text: string) => (text === "" ? [] : text.replaceAll("\r\n", "\n").split("\n"));
const as = (kind: DiffLine["kind"], lines: string[]): DiffLine[] => lines.map((text) => ({ kind, text }));

/** The longest common subsequence stays; what is taken away stands before what replaces it. */
function between(old: string[], now: string[]): DiffLine[] {
  if (old.length * now.length > MOST_CELLS) return [...as("removed", old), ...as("added", now)];
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      common[i * width + j] =
        old[i] === now[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      lines.push({ kind: "same", text: now[j]! });
      i++;
      j++;
    } else if (common[(i + 1) * width + j]! >= common[i * width + j + 1]!)
      lines.push({ kind: "removed", text: old[i++]! });
    else lines.push({ kind: "added", text: now[j++]! });
  }
  return [...lines, ...as("removed", old.slice(i)), ...as("added", now.slice(j))];
}
