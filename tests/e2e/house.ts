// What the tests know of the product that the global set-up started.

/** Handed over in the environment, because the tests run in another process. */
export type House = {
  /** The web process itself, past the browser. */
  webUrl: string;
  shopifyUrl: string;
  mailboxUrl: string;
  /** The app as the browser sees it. */
  appOrigin: string;
  appHandle: string;
  /** Shopify's and the app's hosts, told apart by the Host header, for requests outside the browser. */
  tlsUrl: string;
  chromiumArgs: string[];
  apiKey: string;
  apiSecret: string;
  /** For what only time can bring about: a test makes data old, or a night come. */
  databaseUrl: string;
};

export const house = (): House => {
  const told = process.env.AFTERCARE_E2E;
  if (!told) throw new Error("The product is not running: Playwright's global set-up starts it");
  return JSON.parse(told) as House;
};

/** Presses a control of the sandbox, as the buttons on its pages do. */
export async function control<T>(name: string, body: object = {}): Promise<T> {
  const answer = await fetch(`${house().shopifyUrl}/sandbox/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${name} was answered with ${answer.status}: ${text}`);
  return JSON.parse(text) as T;
}
