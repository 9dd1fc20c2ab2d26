/** Text that is safe inside HTML, marked so that it is not escaped twice. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (value: unknown) => String(value ?? "").replace(/[&<>"']/g, (char) => ESCAPES[char]!);
const render = (value: unknown): string =>
  value instanceof Html
    ? value.text
    : Array.isArray(value)
      ? value.map(render).join("")
      : value === false
        ? ""
        : escape(value);

/** Template tag: every value is escaped unless it is Html itself; lists are joined, false is nothing. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Html {
  return new Html(parts.reduce((text, part, i) => text + render(values[i - 1]) + part));
}

/** JSON that can stand inside a script element. */
export const scriptJson = (value: unknown) => new Html(JSON.stringify(value).replaceAll("<", "\\u003c"));
