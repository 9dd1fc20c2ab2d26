/**
 * Saves a file of the app. A link can't: a download inside the admin's frame carries no session token, while fetch, which
 * App Bridge wraps, does.
 * @returns the answer's headers; null when it failed
 */
export async function download(url: string, name: string, options?: RequestInit): Promise<Headers | null> {
  const response = await fetch(url, options).catch(() => null);
  if (!response?.ok) return null;
  const address = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has taken it by the time the next task runs.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return response.headers;
}
