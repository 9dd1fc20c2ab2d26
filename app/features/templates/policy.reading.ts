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
  /(?:https?:\/\/|www\.|\uFDD0{1,400}(?=[/?])|(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}[/?]|\/[a-z_-]{3,20}\/)/iy;
/** What may surround a link in prose and Markdown. */
const BETWEEN = /[\s<>()[\]"“”„«»|]/;

const folded = new Map<string, string>();

/** One character as it is compared: perhaps several, perhaps none. */
function fold(character: string): string {
  if (/\s/.test(character)) return " ";
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

/** Marks of Markdown that a reader doesn't see. */
const MARKS = "*_~`";
const BREAK = /(?:\r?\n[ \t>]{0,80}){1,9}/y;
/** A new line that a list, a heading or a paragraph begins behind. */
const ENDS = /\n[^\n]*\n|\n[ \t>]*(?:[-*+] |#|\d{1,2}\.)/;
const TAG = /<\/?[a-z!][^<>]{0,400}>/iy;
const ENTITY = /&(?:#x([0-9a-f]{1,5})|#(\d{1,6})|([a-z]{2,8}));/iy;

function matchAt(pattern: RegExp, source: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(source);
}

/** The character an entity stands for; null for what is none. */
function decode([, hex, decimal, name]: RegExpExecArray): string | null {
  if (name) return ENTITIES[name.toLowerCase()] ?? null;
  const code = hex ? parseInt(hex, 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null;
}

/** Reads a text in one pass. */
export function read(source: string): Reading {
  let text = "";
  let last = "\n";
  const at: number[] = [];
  const links: Reading["links"] = [];
  const put = (characters: string, index: number) => {
    for (let unit = 0; unit < characters.length; unit++) {
      const each = characters[unit]!;
      if (each === last && (each === " " || each === "\n" || each === VALUE)) continue;
      if (each === " " && last === "\n") continue;
      text += each;
      at.push(index);
      last = each;
    }
  };

  let index = 0;
  // Whether a link may begin here.
  let fresh = true;
  while (index < source.length) {
    if (fresh && matchAt(LINK, source, index)) {
      let end = index;
      while (end < source.length && !BETWEEN.test(source[end]!)) end++;
      links.push({ url: source.slice(index, end), at: index });
      put(" ", index);
      index = end;
      fresh = false;
      continue;
    }
    const unit = source[index]!;
    if ((unit >= "a" && unit <= "z") || (unit >= "0" && unit <= "9")) {
      put(unit, index++);
      fresh = false;
      continue;
    }
    fresh = BETWEEN.test(unit) || "*_~`'{}".includes(unit);
    if (MARKS.includes(unit)) {
      index++;
      continue;
    }
    if (unit === "\n" || unit === "\r") {
      const gap = matchAt(BREAK, source, index)?.[0] ?? unit;
      put(ENDS.test(gap + source.slice(index + gap.length, index + gap.length + 4)) ? "\n" : " ", index);
      index += gap.length;
      continue;
    }
    const tag = unit === "<" ? matchAt(TAG, source, index)?.[0] : undefined;
    if (tag) {
      const inside = /\b(?:href|src) ?= ?["']?([^"'\s>]{1,400})/i.exec(tag)?.[1];
      if (inside && matchAt(LINK, inside, 0)) links.push({ url: inside, at: index + tag.indexOf(inside) });
      if (/^<\/?(?:p|div|h\d|li|br|tr|td|ul|ol|table)\b/i.test(tag)) put("\n", index);
      index += tag.length;
      continue;
    }
    const entity = unit === "&" ? matchAt(ENTITY, source, index) : null;
    const meant = entity && decode(entity);
    if (entity && meant !== null) {
      put(fold(meant), index);
      index += entity[0].length;
      continue;
    }
    const character = String.fromCodePoint(source.codePointAt(index)!);
    put(fold(character), index);
    index += character.length;
  }
  return { text, at, links };
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
