/**
 * Saves a file of the app. A link can't: a download inside the admin's frame carries no session token, while fetch, which
 * App Bridge wraps, does.
 * @returns the answer's headers; null when it failed
 */
export async function download(url: string, name: string, options?: RequestInit): Promise<Headers | null> {
  const response = await fetch(url, options).catch(() => null);
  if (!response?.ok) return null;
  saveBlob(name, await response.blob());
  return response.headers;
}

/**
 * Saves a file whose lines are counted as they come, for a bar that tells how far it is.
 * @param tell how many lines have come, of how many the header `x-total` promised
 */
export async function downloadLines(
  url: string,
  name: string,
  tell: (come: number, total: number) => void,
): Promise<boolean> {
  const response = await fetch(url).catch(() => null);
  if (!response?.ok || !response.body) return false;
  const total = Number(response.headers.get("x-total"));
  let come = 0;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      for (const byte of piece) if (byte === NEW_LINE) come += 1;
      tell(Math.min(come, total), total);
      controller.enqueue(piece);
    },
  });
  const file = await new Response(response.body.pipeThrough(counting)).blob().catch(() => null);
  if (file) saveBlob(name, file);
  return file !== null;
}

const NEW_LINE = 10;

/** Saves what the page itself has put together. */
export const saveText = (name: string, text: string): void => saveBlob(name, new Blob([text]));

function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has taken it by the time the next task runs.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
