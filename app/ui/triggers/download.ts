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
