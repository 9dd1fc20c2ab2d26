/**
 * How an order says that it renews a subscription. Shopify has no field for it: orders billed from a subscription
 * contract carry one of these source names (the first until autumn 2025, the second since), and Recharge, which also
 * bills outside Shopify's contracts, tags them.
 */
export const RENEWAL_SOURCES: readonly string[] = [
  "subscription_contract",
  "subscription_contract_checkout_one",
];
export const RENEWAL_TAGS: readonly string[] = ["subscription recurring order"];

/**
 * Which lines of an order renew a subscription. The first order of a subscription comes from the checkout and renews
 * nothing. In a renewal, a line without selling plan next to lines with one was added just this once; where no line has
 * a plan (it was deleted, or the contract was migrated), all of them renew.
 */
export function renewedLines(
  order: { sourceName: string; tags: string[] },
  lines: { id: string; sellingPlanId: string | null }[],
): Set<string> {
  const renews =
    RENEWAL_SOURCES.includes(order.sourceName) ||
    order.tags.some((tag) => RENEWAL_TAGS.includes(tag.toLowerCase()));
  if (!renews) return new Set();
  const planned = lines.filter(({ sellingPlanId }) => sellingPlanId !== null);
  return new Set((planned.length > 0 ? planned : lines).map(({ id }) => id));
}
