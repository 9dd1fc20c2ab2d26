/** Marks where a value goes: noncharacters, which no text has a use for and no parser of Markdown or HTML touches. */
export const SLOT = /\uFDD0(\d+)\uFDD1/g;

/** Removes what a value must not bring along: control characters, direction overrides, our own marks. */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(
      /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFEFF]/g,
      "",
    )
    .toWellFormed();
}
