/** A provider's words without the addresses it likes to repeat, and short enough to store. */
export function withoutAddresses(words: string): string {
  return words
    .replaceAll("\0", "")
    .toWellFormed()
    .replace(/[^\s<>"'`(),;:[\]]+@[^\s<>"'`(),;:[\]]+/g, "[address]")
    .slice(0, 500);
}
