// The app's own forms, sent the way its pages send them: with a session token of Shopify, to the routes' actions.
import type { Sandbox } from "#tests/sandbox/sandbox.ts";

// Shopify's library turns away what calls itself a bot, and plain fetch does.
const BROWSER =
  "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0 Safari/537.36";

/** Sends a trigger for review and approves it, as its author in a shop that reviews by itself. */
export async function publish(door: Door, triggerId: string): Promise<void> {
  const path = `/app/triggers/${triggerId}/releases`;
  const { id } = await door.send<{ id: string }>("app.triggers.$id_.releases", path, { intent: "submit" });
  await door.send("app.releases.$id", `/app/releases/${id}`, {
    intent: "approve",
    answers: { trigger: true, content: true, purpose: true, rules: true },
    waiting: "move",
    includePaid: false,
  });
}

export type Door = {
  /** Reads what a page's loader knows. */
  read: <T>(route: string, path: string) => Promise<T>;
  /** Sends an action; an object goes as JSON, URLSearchParams as a form. Throws what the app complains about. */
  send: <T>(route: string, path: string, body: object | URLSearchParams) => Promise<T>;
};

/** A member of the shop's staff at the app's pages. `shop` undefined = the default one, `user` undefined = its account owner. */
export function openDoor(
  stack: { webUrl: string; sandbox: Pick<Sandbox, "control"> },
  shop?: string,
  user?: string,
): Door {
  const address = (route: string, path: string) => {
    const url = new URL(path, stack.webUrl);
    url.searchParams.set("_data", `routes/${route}`);
    return url;
  };
  const authorization = async () => {
    const { token } = (await stack.sandbox.control("session-token", { shop, user })) as { token: string };
    return { authorization: `Bearer ${token}`, "user-agent": BROWSER };
  };
  const answerOf = async <T>(response: Response, what: string): Promise<T> => {
    const text = await response.text();
    if (!response.ok) throw new Error(`${what} was answered with ${response.status}: ${text.slice(0, 500)}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  };
  return {
    read: async (route, path) =>
      answerOf(await fetch(address(route, path), { headers: await authorization() }), `GET ${path}`),
    send: async (route, path, body) => {
      const form = body instanceof URLSearchParams;
      const headers = { ...(await authorization()), ...(form ? {} : { "content-type": "application/json" }) };
      const request = { method: "POST", headers, body: form ? body : JSON.stringify(body) };
      return answerOf(await fetch(address(route, path), request), `POST ${path}`);
    },
  };
}
