// What we ask of Shopify, held against Shopify's own description of itself: every operation in the code, its cost and the
// shape of its answer; the scopes; shopify.app.toml against the code that reads and handles each topic.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  NoDeprecatedCustomRule,
  parse as parseGraphql,
  specifiedRules,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type SelectionSetNode,
} from "graphql";
import { parse as parseToml } from "smol-toml";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { OPTIONAL_SCOPES, PROTECTED_DATA, REQUIRED_SCOPES } from "#app/connectors/shopify/access.ts";
import { API_VERSION } from "#app/connectors/shopify/client.ts";
import { parseBody } from "#app/connectors/shopify/json.ts";
import type { Operation } from "#app/connectors/shopify/operation.ts";
import { productFacts, PRODUCTS_AT_ONCE } from "#app/connectors/shopify/operations/products.ts";
import {
  ORDER_TOPICS,
  partsFromWebhook,
  type OrderWebhookTopic,
} from "#app/connectors/shopify/parts.webhooks.ts";
import { topics } from "#app/webhooks.ts";
import { loadAdminSchema } from "#tests/sandbox/schema.ts";
import { pick } from "#tests/sandbox/shopify/webhooks.ts";

type AnyOperation = Operation<unknown, unknown>;

/** How many ids the code puts into one question, where fewer than Shopify's 250. */
const IDS_AT_ONCE: Record<string, number> = { [productFacts.name]: PRODUCTS_AT_ONCE };

const root = join(import.meta.dirname, "..");
const { schema, scopes } = loadAdminSchema();

const sources = readdirSync(join(root, "app"), { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !file.includes(".test.") && !file.includes("generated"))
  .map((file) => ({ file: join("app", file), text: readFileSync(join(root, "app", file), "utf8") }));

/** Every operation that a module of the connector exports. */
const operations = new Map<string, AnyOperation>();
for (const { file, text } of sources.filter(({ file }) => file.startsWith("app/connectors/shopify"))) {
  if (!text.includes("operation<")) continue;
  const module = (await import(pathToFileURL(join(root, file)).href)) as Record<string, unknown>;
  for (const value of Object.values(module)) if (isOperation(value)) operations.set(value.name, value);
}
const all = [...operations.values()];

function isOperation(value: unknown): value is AnyOperation {
  return typeof value === "object" && value !== null && "document" in value && "answer" in value;
}

const named = all.map((each) => [each.name, each] as const);

describe("operations", () => {
  it("are all found, and none hides elsewhere in the code", () => {
    const written = sources.flatMap(({ file, text }) =>
      [...text.matchAll(/\b(?:query|mutation|subscription)\s+(\w+)\s*(?:\([^)]*\))?\s*\{/g)].map(
        ([, name]) => [name, file.startsWith("app/connectors/shopify")] as const,
      ),
    );
    expect(written.filter(([, inConnector]) => !inConnector)).toEqual([]);
    expect(written.map(([name]) => name).sort()).toEqual([...operations.keys()].sort());
    expect(all.length).toBeGreaterThan(10);
    const bypassing = sources.filter(({ text }) => /\badmin\s*\.\s*graphql\s*\(|graphql\.json/.test(text));
    expect(bypassing.map(({ file }) => file)).toEqual(["app/connectors/shopify/client.ts"]);
  });

  it.each(named)("%s is valid in the schema and uses nothing deprecated", (name, { document }) => {
    const parsed = parseGraphql(document);
    expect(validate(schema, parsed, [...specifiedRules, NoDeprecatedCustomRule]).map(String)).toEqual([]);
    expect(parsed.definitions).toHaveLength(1);
    expect(parsed.definitions[0]).toMatchObject({ kind: Kind.OPERATION_DEFINITION, name: { value: name } });
  });

  it.each(named)("%s costs no more than it says, and less than a thousand", (_name, each) => {
    const { cost } = each;
    expect(mostPoints(each)).toBeLessThanOrEqual(cost);
    expect(cost).toBeLessThan(1000);
  });

  it.each(named)("%s understands every answer the schema allows", (_name, { document, answer }) => {
    const parsed = parseGraphql(document);
    for (let variant = 0; variant < 24; variant += 1) {
      for (const nulls of ["none", "all", "some"] as const) {
        const given = anAnswer(parsed, { variant, nulls });
        const read = answer.safeParse(given);
        expect(read.error?.issues, JSON.stringify(given)).toBeUndefined();
      }
    }
  });
});

describe("scopes", () => {
  const needs = all.flatMap(({ document }) => scopesOf(parseGraphql(document)));
  const toml = readToml();
  const topicNeeds = toml.subscriptions.flatMap(({ topic }) => {
    const need = scopesOfTopic(topic);
    return need.length > 0 ? [{ what: topic, anyOf: need, optional: false }] : [];
  });

  it("of shopify.app.toml are those with a reason", () => {
    expect(toml.scopes).toEqual([...REQUIRED_SCOPES].sort());
    expect(toml.optionalScopes).toEqual([...OPTIONAL_SCOPES].sort());
  });

  it("are enough for what is asked of every shop", () => {
    const required = new Set<string>(REQUIRED_SCOPES);
    const missing = [...needs, ...topicNeeds].filter(
      ({ anyOf, optional }) => !optional && !anyOf.some((scope) => required.has(scope)),
    );
    expect(missing).toEqual([]);
  });

  it("are enough with the optional ones for what is asked where they are granted", () => {
    const granted = new Set<string>([...REQUIRED_SCOPES, ...OPTIONAL_SCOPES]);
    expect(needs.filter(({ anyOf }) => !anyOf.some((scope) => granted.has(scope)))).toEqual([]);
  });

  it.each([...REQUIRED_SCOPES, ...OPTIONAL_SCOPES])("has a use for %s", (scope) => {
    const others = new Set<string>([...REQUIRED_SCOPES, ...OPTIONAL_SCOPES].filter((each) => each !== scope));
    const lost = [...needs, ...topicNeeds].filter(({ anyOf }) => !anyOf.some((each) => others.has(each)));
    expect(lost.length).toBeGreaterThan(0);
  });
});

describe("shopify.app.toml", () => {
  const toml = readToml();

  it("asks for webhooks in the version the code reads", () => {
    expect(toml.apiVersion).toBe(API_VERSION);
  });

  it("subscribes to each topic once, and to each that has a handler", () => {
    expect(toml.subscriptions.map(({ topic }) => topic).sort()).toEqual(Object.keys(topics).sort());
  });

  it.each(toml.subscriptions)(
    "sends $topic to a path of its own, and names a handler that exists",
    (each) => {
      expect(each.uri).toBe(`/webhooks/${each.topic}`);
      expect(each.handledBy).toMatch(/^app\/features\/.+\.ts$/);
      expect(readFileSync(join(root, "app/webhooks.ts"), "utf8")).toContain(`"#${each.handledBy}"`);
    },
  );

  it("asks for no personal field without approval, and has approval for none it does not ask for", () => {
    const asked = new Set(
      toml.subscriptions
        .flatMap(({ includeFields }) => includeFields)
        .filter((field) => PERSONAL.test(field)),
    );
    const reasoned = PROTECTED_DATA.filter(({ requested }) => requested).flatMap(({ fields }) => fields);
    expect([...asked].sort()).toEqual([...new Set(reasoned)].sort());
  });

  it("asks the Admin API for no more of a person than the webhooks do", () => {
    const allowed: Record<string, string[]> = {
      Customer: ["id", "firstName", "lastName", "tags", "__typename"],
      MailingAddress: ["firstName", "lastName", "countryCodeV2", "provinceCode"],
      PurchasingEntity: ["__typename"],
    };
    for (const { document, name } of all)
      for (const { type, field } of fieldsOf(parseGraphql(document))) {
        if (allowed[type]) expect(allowed[type], `${name}: ${type}.${field}`).toContain(field);
        if (type === "Order") expect(["phone", "note", "clientIp", "displayAddress"]).not.toContain(field);
      }
  });

  describe.each(Object.keys(ORDER_TOPICS) as OrderWebhookTopic[])("the fields of %s", (topic) => {
    const subscription = toml.subscriptions.find((each) => each.topic === topic);
    const fields = subscription?.includeFields ?? [];
    const bodies = bodiesOf(topic);

    it("are all that is read", () => {
      for (const body of bodies)
        expect(partsFromWebhook(topic, pick(body, fields))).toEqual(partsFromWebhook(topic, body));
    });

    it.each(fields)("%s makes a difference", (field) => {
      const differs = bodies.some((body) => {
        try {
          const read = partsFromWebhook(topic, lacking(body, fields, field));
          return JSON.stringify(read) !== JSON.stringify(partsFromWebhook(topic, body));
        } catch {
          return true;
        }
      });
      expect(differs).toBe(true);
    });
  });
});

/** No fields named means all of them, so the last one is taken away by hand. */
function lacking(body: Record<string, unknown>, fields: string[], field: string): Record<string, unknown> {
  const rest = fields.filter((each) => each !== field);
  return rest.length > 0 ? pick(body, rest) : {};
}

const PERSONAL =
  /^(email|contact_email|phone|customer|customer_locale|billing_address|shipping_address|destination)(\.|$)/;

type Subscription = { topic: string; uri: string; includeFields: string[]; handledBy: string };

function readToml() {
  const text = readFileSync(join(root, "shopify.app.toml"), "utf8");
  const toml = z
    .object({
      access_scopes: z.strictObject({ scopes: z.string(), optional_scopes: z.array(z.string()) }),
      webhooks: z.strictObject({
        api_version: z.string(),
        subscriptions: z.array(
          z.strictObject({
            topics: z.tuple([z.string()]).optional(),
            compliance_topics: z.tuple([z.string()]).optional(),
            uri: z.string(),
            filter: z.string().optional(),
            include_fields: z.array(z.string()).default([]),
          }),
        ),
      }),
    })
    .parse(parseToml(text));
  const handlers = [...text.matchAll(/# Handled by: (\S+)\n\s*\[\[webhooks\.subscriptions\]\]/g)].map(
    ([, file]) => file,
  );
  const { subscriptions } = toml.webhooks;
  expect(handlers).toHaveLength(subscriptions.length);
  return {
    apiVersion: toml.webhooks.api_version,
    scopes: toml.access_scopes.scopes.split(",").sort(),
    optionalScopes: [...toml.access_scopes.optional_scopes].sort(),
    subscriptions: subscriptions.map((each, index): Subscription => ({
      topic: each.topics?.[0] ?? each.compliance_topics?.[0] ?? "",
      uri: each.uri,
      includeFields: each.include_fields,
      handledBy: handlers[index] ?? "",
    })),
  };
}

/** Bodies in which every field we ask for says something. */
function bodiesOf(topic: OrderWebhookTopic): Record<string, unknown>[] {
  const file = join(root, "app/connectors/shopify/fixtures/orders-paid.json");
  const order = parseBody(readFileSync(file)) as Record<string, unknown> & {
    fulfillments: Record<string, unknown>[];
    refunds: Record<string, unknown>[];
  };
  // A country that has more than one clock.
  const alaska = { country_code: "US", province_code: "AK" };
  const bodies: Record<string, unknown>[] =
    topic === "orders/delete"
      ? [{ id: order.id }]
      : topic === "refunds/create"
        ? order.refunds
        : topic.startsWith("fulfillments/")
          ? order.fulfillments
          : [
              order,
              {
                ...order,
                test: true,
                cancelled_at: "2026-11-18T00:00:00Z",
                company: { id: 1, location_id: 2 },
              },
              { ...order, billing_address: null },
              { ...order, billing_address: null, shipping_address: null },
              { ...order, shipping_address: null },
              { ...order, shipping_address: alaska },
              { ...order, shipping_address: null, billing_address: alaska },
              { ...order, note_attributes: [{ name: "Amazon Order Id", value: "1" }] },
              { ...order, source_name: "subscription_contract" },
            ];
  return bodies;
}

/** Scopes of which one is enough, as Shopify's description of a topic names them. */
function scopesOfTopic(topic: string): string[] {
  const type = schema.getType("WebhookSubscriptionTopic");
  const value = isEnumType(type) ? type.getValue(topic.toUpperCase().replaceAll(/[/.]/g, "_")) : undefined;
  // Compliance topics are in no schema; they need no scope.
  if (!value) {
    expect(["customers/data_request", "customers/redact", "shop/redact"]).toContain(topic);
    return [];
  }
  const said = /Requires (?:at least one of the following scopes:|the)\s+([^.]*)/.exec(
    value.description ?? "",
  )?.[1];
  return said?.match(/\b(?:read|write)_\w+/g) ?? [];
}

type Need = { what: string; anyOf: string[]; optional: boolean };

/** What a document needs; a field under `@include(if: $withCustomer)` only where that is granted. */
function scopesOf(document: DocumentNode): Need[] {
  return fieldsOf(document).flatMap(({ type, field, returns, optional }) =>
    [scopes.get(`${type}.${field}`), scopes.get(returns)].flatMap((anyOf) =>
      anyOf ? [{ what: `${type}.${field}`, anyOf, optional }] : [],
    ),
  );
}

function fieldsOf(document: DocumentNode) {
  const found: { type: string; field: string; returns: string; optional: boolean }[] = [];
  const info = new TypeInfo(schema);
  let optionalDepth = 0;
  const isOptional = (node: FieldNode) =>
    node.directives?.some(({ name }) => name.value === "include") ?? false;
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: {
        enter(node) {
          if (isOptional(node)) optionalDepth += 1;
          const [parent, type] = [info.getParentType(), info.getType()];
          if (parent && type)
            found.push({
              type: parent.name,
              field: node.name.value,
              returns: getNamedType(type).name,
              optional: optionalDepth > 0,
            });
        },
        leave(node) {
          if (isOptional(node)) optionalDepth -= 1;
        },
      },
    }),
  );
  return found;
}

/**
 * The most points Shopify can ask: an object 1, a connection 2 and each of its nodes, a list `first` times its object. Real
 * charges are lower, since Shopify counts large pages by less than their size.
 */
function mostPoints({ document: text, name }: AnyOperation): number {
  const document = parseGraphql(text);
  const idsAtOnce = IDS_AT_ONCE[name] ?? 250;
  const [definition] = document.definitions;
  const query = schema.getQueryType();
  if (definition?.kind !== Kind.OPERATION_DEFINITION || !query) throw new Error("not a query");
  return ofSelection(query, definition.selectionSet);

  function ofSelection(type: GraphQLCompositeType, set: SelectionSetNode): number {
    let sum = 0;
    // Of the branches of a union or interface one is taken; the dearest is counted.
    let branch = 0;
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) sum += ofField(type, node);
      if (node.kind === Kind.INLINE_FRAGMENT)
        branch = Math.max(
          branch,
          ofSelection(typeNamed(node.typeCondition?.name.value) ?? type, node.selectionSet),
        );
    }
    return sum + branch;
  }

  function ofField(parent: GraphQLCompositeType, node: FieldNode): number {
    if (node.name.value === "__typename") return 0;
    const named = getNamedType(typeOfField(parent, node));
    if (!isCompositeType(named) || !node.selectionSet || named.name === "PageInfo") return 0;
    if (named.name.endsWith("Connection")) {
      const nodes = node.selectionSet.selections.find(
        (each) => each.kind === Kind.FIELD && each.name.value === "nodes",
      );
      const inner = nodes?.kind === Kind.FIELD ? ofField(named, nodes) : 0;
      return 2 + sizeOf(node) * inner;
    }
    const each = 1 + ofSelection(named, node.selectionSet);
    return sizeOf(node) * each;
  }

  /** `first`, or how many ids are asked for at most. A list without either is short by nature and counts once. */
  function sizeOf(node: FieldNode): number {
    for (const { name, value } of node.arguments ?? []) {
      if (name.value === "first" && value.kind === Kind.INT) return Number(value.value);
      if (name.value === "ids" && value.kind === Kind.VARIABLE) return idsAtOnce;
    }
    return 1;
  }
}

function typeNamed(name: string | undefined): GraphQLCompositeType | undefined {
  const type = name ? schema.getType(name) : undefined;
  return isCompositeType(type) ? type : undefined;
}

function typeOfField(parent: GraphQLCompositeType, node: FieldNode): GraphQLOutputType {
  const field = "getFields" in parent ? parent.getFields()[node.name.value] : undefined;
  if (!field) throw new Error(`${parent.name} has no ${node.name.value}`);
  return field.type;
}

type Variant = { variant: number; nulls: "none" | "all" | "some" };

/** An answer as the schema allows it: every enum value in turn, and nulls wherever they may stand. */
function anAnswer(document: DocumentNode, { variant, nulls }: Variant): unknown {
  const [definition] = document.definitions;
  const query = schema.getQueryType();
  if (definition?.kind !== Kind.OPERATION_DEFINITION || !query) throw new Error("not a query");
  let counter = variant;
  return ofSelection(query, definition.selectionSet);

  function ofSelection(type: GraphQLCompositeType, set: SelectionSetNode): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    const branches = set.selections.filter((node) => node.kind === Kind.INLINE_FRAGMENT);
    for (const node of set.selections) {
      if (node.kind !== Kind.FIELD) continue;
      const key = node.alias?.value ?? node.name.value;
      result[key] = node.name.value === "__typename" ? type.name : ofType(typeOfField(type, node), node);
    }
    const branch = branches[counter % Math.max(1, branches.length)];
    if (branch?.kind === Kind.INLINE_FRAGMENT)
      Object.assign(
        result,
        ofSelection(typeNamed(branch.typeCondition?.name.value) ?? type, branch.selectionSet),
      );
    return result;
  }

  function ofType(type: GraphQLOutputType, node: FieldNode): unknown {
    counter += 1;
    if (isNonNullType(type)) return present(type.ofType as GraphQLOutputType, node);
    if (nulls === "all" || (nulls === "some" && counter % 3 === 0)) return null;
    return present(type, node);
  }

  function present(type: GraphQLOutputType, node: FieldNode): unknown {
    if (isListType(type)) return [ofType(type.ofType as GraphQLOutputType, node)];
    if (isEnumType(type)) return type.getValues()[counter % type.getValues().length]?.name;
    if (isLeafType(type)) return SCALARS[type.name]?.(counter) ?? `some ${type.name}`;
    if (!isCompositeType(type) || !node.selectionSet)
      throw new Error(`nothing selected in ${node.name.value}`);
    return ofSelection(type, node.selectionSet);
  }
}

const SCALARS: Record<string, (seed: number) => unknown> = {
  ID: (seed) => `gid://shopify/Thing/${seed}`,
  Int: (seed) => seed,
  Float: (seed) => seed / 2,
  Boolean: (seed) => seed % 2 === 0,
  DateTime: () => "2026-11-21T09:30:00Z",
  Decimal: (seed) => `${seed}.5`,
  Money: (seed) => `${seed}.0`,
  URL: () => "https://example.com/x",
};
