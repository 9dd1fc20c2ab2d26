/** A change of a text: replace from…to with `text`, then select from…to of the result. */
export type Edit = { from: number; to: number; text: string; select: [number, number] };
type Selection = { from: number; to: number };

/** Puts marks around what is selected, takes them away where they are, or offers a placeholder between them. */
export function wrap(source: string, { from, to }: Selection, mark: string, placeholder: string): Edit {
  const inner = source.slice(from, to);
  const around =
    source.slice(from - mark.length, from) === mark && source.slice(to, to + mark.length) === mark;
  // "*" beside another "*" is half of "**".
  const half = mark === "*" && (source[from - 2] === "*") !== (source.slice(from - 3, from) === "***");
  if (inner && around && !half)
    return {
      from: from - mark.length,
      to: to + mark.length,
      text: inner,
      select: [from - mark.length, to - mark.length],
    };
  const text = inner || placeholder;
  return {
    from,
    to,
    text: mark + text + mark,
    select: [from + mark.length, from + mark.length + text.length],
  };
}

/** Begins each selected line with what `prefix` says of its number; takes the beginnings away where all have them. */
export function prefixLines(
  source: string,
  { from, to }: Selection,
  prefix: (index: number) => string,
  had: RegExp,
  placeholder: string,
): Edit {
  const start = source.lastIndexOf("\n", from - 1) + 1;
  const nextBreak = source.indexOf("\n", to > from && source[to - 1] === "\n" ? to - 1 : to);
  const end = nextBreak < 0 ? source.length : nextBreak;
  const lines = source.slice(start, end).split("\n");
  const all = lines.every((line) => had.test(line));
  const text = lines
    .map((line, index) =>
      all ? line.replace(had, "") : prefix(index) + (line.replace(had, "") || placeholder),
    )
    .join("\n");
  // A list or heading in the middle of a paragraph needs an empty line before it to be one.
  const gap =
    !all && start > 0 && source.slice(0, start).trimEnd() !== "" && source[start - 2] !== "\n" ? "\n" : "";
  return {
    from: start,
    to: end,
    text: gap + text,
    select: [start + gap.length, start + gap.length + text.length],
  };
}

/** Makes what is selected a link and selects the address to be written. */
export function link(source: string, { from, to }: Selection, placeholder: string): Edit {
  const text = source.slice(from, to) || placeholder;
  const address = "https://";
  const at = from + text.length + 3;
  return { from, to, text: `[${text}](${address})`, select: [at, at + address.length] };
}

/** Puts a text in the place of what is selected and goes on after it. */
export function insert({ from, to }: Selection, text: string): Edit {
  return { from, to, text, select: [from + text.length, from + text.length] };
}

/** Where a line and column (from 1) lie in a text. */
export function indexOf(source: string, line: number, column: number): number {
  const before = source.split("\n").slice(0, line - 1);
  return Math.min(source.length, before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1);
}
