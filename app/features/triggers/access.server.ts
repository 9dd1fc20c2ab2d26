import { describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

/**
 * Whether the shop lets us see customers' tags and companies. Asked of Shopify, since a permission given a moment ago is not
 * yet in our records.
 * @param recorded the scopes we know of, where Shopify does not answer
 * @throws Response where Shopify's library wants the person to sign in again
 */
export async function mayReadCustomers(
  scopes: { query: () => Promise<{ granted: string[] }> },
  recorded: string[],
): Promise<boolean> {
  try {
    return (await scopes.query()).granted.includes("read_customers");
  } catch (error) {
    if (error instanceof Response) throw error;
    log.warn({ error: describeFailure(error) }, "Shopify did not say which scopes are granted");
    return recorded.includes("read_customers");
  }
}
