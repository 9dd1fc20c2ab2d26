// How a text is read when it is checked: as a person would, whatever marks, accents or invisible characters stand in between.

/** Stands for a value that is filled in, or for a name that is left out of the reading. */
export const VALUE = "\uFDD0";

/** `text`: lower case, without accents, marks and links; paragraphs end with a line break. `at[i]`: where its i-th character stood. */
export type Reading = { text: string; at: number[]; links: { url: string; at: number }[] };

const LETTERS: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ı: "i",
  "’": "'",
  "‘": "'",
  "´": "'",
  "“": '"',
  "”": '"',
  "„": '"',
  "«": '"',
  "»": '"',
  "‐": "-",
  "‑": "-",
  "–": "-",
  "—": "-",
  "−": "-",
};
const ENTITIES: Record<string, string> = { nbsp: " ", percnt: "%", amp: "&", euro: "€", shy: "", zwnj: "" };
const LINK =
  /^(?:https?:\/\/|www\.|\uFDD0{1,400}(?=[/?])|(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}[/?]|\/[a-z_-]{3,20}\/)/i;
/** What may surround a link in prose and Markdown. */
const BETWEEN = /[\s<>()[\]"“”„«»|]/;

const folded = new Map<string, string>();

/** One character as it is compared: perhaps several, perhaps none. */
function fold(character: string): string {
  const known = folded.get(character);
  if (known !== undefined) return known;
  let plain = character
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}|\p{Cf}/gu, "");
  plain = Array.from(plain, (each) => LETTERS[each] ?? each).join("");
  // Kana lose their voicing marks with their accents: が is not か.
  const kept = /[\u3040-\u30ff\uff66-\uff9f]/.test(character) ? character.normalize("NFKC") : plain;
  if (folded.size < 20_000) folded.set(character, kept);
  return kept;
}

/** Liquid replaced by values of the same length; what it writes out itself, in quotes, stays to be read. */
export function maskLiquid(source: string): string {
  let masked = "";
  let from = 0;
  for (;;) {
    const start = nextOf(source, from);
    if (start < 0) return masked + source.slice(from);
    const output = source[start + 1] === "{";
    const end = source.indexOf(output ? "}}" : "%}", start + 2);
    if (end < 0) return masked + source.slice(from);
    const liquid = source.slice(start, end + 2);
    const writes = output || /^\{%-? {0,20}(?:assign|echo)\b/.test(liquid);
    const filler = output ? VALUE : " ";
    masked += source.slice(from, start) + (writes ? keepQuoted(liquid, filler) : " ".repeat(liquid.length));
    from = end + 2;
  }
}

function nextOf(source: string, from: number): number {
  let at = source.indexOf("{", from);
  while (at >= 0 && source[at + 1] !== "{" && source[at + 1] !== "%") at = source.indexOf("{", at + 1);
  return at;
}

function keepQuoted(liquid: string, filler: string): string {
  let result = "";
  let quote = "";
  for (const unit of liquid.split("")) {
    const ends = quote !== "" && unit === quote;
    result += quote !== "" && !ends ? unit : filler;
    if (ends) quote = "";
    else if (quote === "" && (unit === '"' || unit === "'")) quote = unit;
  }
  // An apostrophe without its twin quotes nothing.
  return quote === "" ? result : filler.repeat(liquid.length);
}

/** Reads a text in one pass. */
export function read(source: string): Reading {
  const text: string[] = [];
  const at: number[] = [];
  const links: Reading["links"] = [];
  const put = (characters: string, index: number) => {
    for (let unit = 0; unit < characters.length; unit++) {
      const each = characters[unit]!;
      const before = text.at(-1);
      const same = each === before && (each === " " || each === "\n" || each === VALUE);
      if (same || (each === " " && (before === "\n" || before === undefined))) continue;
      if (each === "\n" && before === " ") {
        text.pop();
        at.pop();
      }
      text.push(each);
      at.push(index);
    }
  };

  let index = 0;
  let freshToken = true;
  while (index < source.length) {
    if (freshToken) {
      const head = source.slice(index, index + 420);
      if (LINK.test(head)) {
        let end = index;
        while (end < source.length && !BETWEEN.test(source[end]!)) end++;
        links.push({ url: source.slice(index, end), at: index });
        put(" ", index);
        index = end;
        freshToken = false;
        continue;
      }
    }
    const unit = source[index]!;
    freshToken = BETWEEN.test(unit) || "*_~`'{}".includes(unit);
    if (unit === "\n" || unit === "\r") {
      const gap = /^(?:\r?\n[ \t>]{0,80}){1,9}/.exec(source.slice(index, index + 800))?.[0] ?? unit;
      const paragraph = gap.replace(/\r/g, "").indexOf("\n", 1) > 0;
      const next = source.slice(index + gap.length, index + gap.length + 4);
      put(paragraph || /^(?:[-*+] |#|\d{1,2}\.)/.test(next) ? "\n" : " ", index);
      index += gap.length;
      freshToken = true;
      continue;
    }
    // Marks of Markdown, unless they stand between letters or digits that they join.
    if ("*_~`".includes(unit)) {
      index++;
      continue;
    }
    if (unit === "<") {
      const tag = /^<\/?[a-z!][^<>]{0,400}>/i.exec(source.slice(index, index + 410))?.[0];
      if (tag) {
        const inside = /\b(?:href|src) ?= ?["']?([^"'\s>]{1,400})/i.exec(tag)?.[1];
        if (inside && LINK.test(inside)) links.push({ url: inside, at: index + tag.indexOf(inside) });
        if (/^<\/?(?:p|div|h\d|li|br|tr|td|ul|ol|table)\b/i.test(tag)) put("\n", index);
        index += tag.length;
        freshToken = true;
        continue;
      }
    }
    if (unit === "&") {
      const entity = /^&(?:#x([0-9a-f]{1,5})|#(\d{1,6})|([a-z]{2,8}));/i.exec(
        source.slice(index, index + 10),
      );
      const code = entity?.[1] ? parseInt(entity[1], 16) : Number(entity?.[2] ?? NaN);
      const meant = entity?.[3]
        ? ENTITIES[entity[3].toLowerCase()]
        : code > 0 && code <= 0x10ffff
          ? String.fromCodePoint(code)
          : undefined;
      if (entity && meant !== undefined) {
        put(/\s/.test(meant) ? " " : fold(meant), index);
        index += entity[0].length;
        continue;
      }
    }
    const character = String.fromCodePoint(source.codePointAt(index)!);
    put(/\s/.test(character) ? " " : fold(character), index);
    index += character.length;
  }
  return { text: text.join(""), at, links };
}

/** Line and column, from 1, of places in a text; places must come in rising order. */
export function placer(source: string): (index: number) => { line: number; column: number } {
  let line = 1;
  let start = 0;
  return (index) => {
    for (;;) {
      const next = source.indexOf("\n", start);
      if (next < 0 || next >= index) return { line, column: index - start + 1 };
      line++;
      start = next + 1;
    }
  };
}
