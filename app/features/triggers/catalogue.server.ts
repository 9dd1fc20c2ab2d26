// Guarantee: an editor opens also when Shopify doesn't answer; what could not be asked is absent, never guessed.
import type {
  CatalogueRef,
  CatalogueValues,
  MetafieldDefinition,
  PickedKind,
} from "#app/connectors/catalogue.ts";
import { PICKED_KINDS } from "#app/connectors/catalogue.ts";
import { catalogue } from "#app/connectors/registry.ts";
import { SourceError, type SourceAccess } from "#app/connectors/sources.ts";
import type { RuleKind, TriggerDefinition } from "#app/features/triggers/triggers.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

const isPicked = (kind: RuleKind): kind is PickedKind => (PICKED_KINDS as readonly string[]).includes(kind);

/** What an editor does without where Shopify is silent. */
async function orWithout<T>(ask: Promise<T>, without: T): Promise<T> {
  try {
    return await ask;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    log.warn({ error: describeFailure(error) }, "an editor opens without Shopify's answer");
    return without;
  }
}

/** "product:42" → today's name, null = deleted in Shopify; null for the whole where Shopify is silent. */
export async function listRuleNames(
  access: SourceAccess,
  definitions: TriggerDefinition[],
): Promise<Record<string, string | null> | null> {
  const refs = new Map<string, CatalogueRef>();
  for (const { kind, values } of definitions.flatMap(({ include, exclude }) => [
    ...include.rules,
    ...exclude.rules,
  ])) {
    if (!isPicked(kind)) continue;
    for (const { id } of values) if (/^\d{1,20}$/.test(id)) refs.set(`${kind}:${id}`, { kind, id });
  }
  if (refs.size === 0) return {};
  const items = await orWithout(catalogue.readItems(access, [...refs.values()]), null);
  return items && Object.fromEntries([...refs.keys()].map((key, index) => [key, items[index]?.name ?? null]));
}

/** Types, vendors and tags that the shop's products use. */
export function listRuleValues(access: SourceAccess): Promise<CatalogueValues> {
  return orWithout(catalogue.readValues(access), { productType: [], vendor: [], tag: [] });
}

/** Metafields the shop has defined for its products and variants. */
export function listMetafieldDefinitions(access: SourceAccess): Promise<MetafieldDefinition[]> {
  return orWithout(catalogue.readMetafieldDefinitions(access), []);
}

/** Adds metafields seen on the shop's products to the defined ones: not everything that is filled in is also defined. */
export async function withSeenMetafields(
  tx: Tx,
  shopId: string,
  defined: MetafieldDefinition[],
): Promise<MetafieldDefinition[]> {
  const seen = await tx.$queryRaw<{ key: string }[]>`
    SELECT DISTINCT jsonb_object_keys(facts -> 'metafields') AS key FROM products
    WHERE shop_id = ${shopId}::uuid AND jsonb_typeof(facts -> 'metafields') = 'object' ORDER BY key LIMIT 200`;
  const known = new Set(
    defined.filter(({ owner }) => owner === "product").map(({ namespace, key }) => `${namespace}.${key}`),
  );
  const others = seen.flatMap(({ key: path }) => {
    const dot = path.indexOf(".");
    if (dot < 1 || known.has(path)) return [];
    return [{ owner: "product" as const, namespace: path.slice(0, dot), key: path.slice(dot + 1), name: "" }];
  });
  return [...defined, ...others];
}

/** The products and variants that a table of assignments names. @throws SourceError */
export async function findNamed(
  access: SourceAccess,
  { handles, skus }: { handles: string[]; skus: string[] },
) {
  const products = await catalogue.findProducts(access, handles);
  return { products, variants: await catalogue.findVariants(access, skus) };
}

/** Handles and SKUs of assigned products and variants, to write a table with. @throws SourceError */
export async function readAssigned(
  access: SourceAccess,
  ids: { productIds: string[]; variantIds: string[] },
) {
  const read = async (kind: PickedKind, ids: string[]) => {
    const items = await catalogue.readItems(
      access,
      ids.map((id) => ({ kind, id })),
    );
    return ids.flatMap((id, index) => {
      const { handle, sku } = items[index] ?? {};
      return handle ? [[id, { handle, sku: sku ?? "" }] as const] : [];
    });
  };
  return {
    products: new Map(await read("product", ids.productIds)),
    variants: new Map(await read("variant", ids.variantIds)),
  };
}
