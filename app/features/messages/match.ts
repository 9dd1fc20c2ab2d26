import type { PlanLine } from "#app/features/orders/orders.ts";
import type { Rule, RuleKind, RuleSet } from "#app/features/triggers/triggers.ts";

/** What a line shows to each kind of rule. A line sold in a bundle also answers for the bundle. */
const shown: Record<RuleKind, (line: PlanLine) => (string | null | undefined)[]> = {
  product: (line) => [line.productId, line.bundle?.productId],
  variant: (line) => [line.variantId, line.bundle?.variantId],
  productType: (line) => [line.product?.productType],
  vendor: (line) => [line.product?.vendor ?? line.vendor],
  tag: (line) => line.product?.tags ?? [],
  collection: (line) => line.product?.collectionIds ?? [],
};

const byText: ReadonlySet<RuleKind> = new Set(["productType", "vendor", "tag"]);

/** Shopify compares tags, types and vendors without regard to case. */
const fold = (text: string) => text.trim().toLowerCase();

/** A rule may name 2,000 products and be asked about 10,000 orders. */
const wantedBy = new WeakMap<Rule, ReadonlySet<string>>();

function fits(rule: Rule, line: PlanLine): boolean {
  const key = byText.has(rule.kind) ? fold : (text: string) => text;
  const wanted = wantedBy.get(rule) ?? new Set(rule.values.map((value) => key(value.id)));
  wantedBy.set(rule, wanted);
  return shown[rule.kind](line).some(
    (value) => typeof value === "string" && value !== "" && wanted.has(key(value)),
  );
}

/** Whether a line fulfils a set of rules. A set without rules fits nothing. */
export function matches(set: RuleSet, line: PlanLine): boolean {
  if (set.rules.length === 0) return false;
  return set.mode === "any"
    ? set.rules.some((rule) => fits(rule, line))
    : set.rules.every((rule) => fits(rule, line));
}
