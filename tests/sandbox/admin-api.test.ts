import { afterAll, beforeAll, expect, test } from "vitest";
import { ACME, startPair } from "#tests/sandbox/receiver.ts";

let pair: Awaited<ReturnType<typeof startPair>>;
let clock = new Date("2026-11-21T09:00:00Z");
beforeAll(async () => {
  pair = await startPair({ clock: () => clock });
  for (let i = 0; i < 5; i += 1) {
    clock = new Date(clock.getTime() + 60_000);
    pair.sandbox.placeOrder({
      email: `buyer${i}@example.com`,
      tags: i % 2 ? ["odd"] : [],
      lines: [{ product: "Gift Card" }],
    });
  }
});
afterAll(() => pair.stop());

interface Answer {
  data: Record<string, never> | null;
  errors?: { message: string; path?: unknown[]; extensions?: { code?: string } }[];
  extensions?: {
    cost: {
      requestedQueryCost: number;
      actualQueryCost: number | null;
      throttleStatus: { currentlyAvailable: number; maximumAvailable: number; restoreRate: number };
    };
  };
}

async function ask(query: string, variables = {}, shop = ACME): Promise<Answer> {
  const token = pair.sandbox.tokens.issue(pair.sandbox.shops[shop]!);
  const answer = await fetch(pair.sandbox.adminApiUrl, {
    method: "POST",
    headers: { "content-type": "application/json", "x-shopify-access-token": token.token },
    body: JSON.stringify({ query, variables }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Answer;
}

test("an operation that Shopify's schema does not know is refused", async () => {
  const { errors, data } = await ask("{ orders(first: 1) { nodes { emailAddress } } }");
  expect(data).toBeUndefined();
  expect(errors![0]!.message).toContain('Cannot query field "emailAddress" on type "Order"');
  expect((await ask("{ orders(first: 1, colour: RED) { nodes { id } } }")).errors).toHaveLength(1);
  expect((await ask("query Q($id: ID!) { order(id: $id) { id } }")).errors![0]!.message).toContain("$id");
});

test("orders page by cursor in the order asked for", async () => {
  const query = `query Q($after: String) {
    orders(first: 2, after: $after, sortKey: UPDATED_AT, reverse: true) { nodes { name } pageInfo { hasNextPage endCursor } }
  }`;
  const names: string[] = [];
  let after: string | null = null;
  do {
    const { data } = (await ask(query, { after })) as {
      data: {
        orders: { nodes: { name: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      } | null;
    } & Answer;
    names.push(...data!.orders.nodes.map(({ name }) => name));
    after = data!.orders.pageInfo.hasNextPage ? data!.orders.pageInfo.endCursor : null;
  } while (after);
  expect(names).toEqual(["#1005", "#1004", "#1003", "#1002", "#1001"]);
});

test("orders are found by Shopify's search syntax", async () => {
  const names = async (query: string) => {
    const { data, errors } = (await ask(
      "query Q($query: String) { orders(first: 10, query: $query, sortKey: ID) { nodes { name } } }",
      { query },
    )) as Answer & {
      data: { orders: { nodes: { name: string }[] } };
    };
    return errors?.[0]?.message ?? data.orders.nodes.map(({ name }) => name);
  };
  expect(await names("updated_at:>='2026-11-21T09:04:00Z'")).toEqual(["#1004", "#1005"]);
  expect(await names("name:#1002 OR name:1003")).toEqual(["#1002", "#1003"]);
  expect(await names("tag:odd -name:#1002")).toEqual(["#1004"]);
  expect(await names(`id:>${pair.sandbox.shops[ACME]!.orders[3]!.id}`)).toEqual(["#1005"]);
  expect(await names("colour:red")).toBe("Invalid search field 'colour'");
});

test("what a scope does not cover comes back null with Shopify's error", async () => {
  const query = "{ orders(first: 1) { nodes { name customer { tags } } } }";
  const before = await ask(query);
  expect(before.data).toMatchObject({ orders: { nodes: [{ customer: null }] } });
  expect(before.errors).toMatchObject([
    { path: ["orders", "nodes", 0, "customer"], extensions: { code: "ACCESS_DENIED" } },
  ]);
  await pair.sandbox.control("grant-scopes", { scopes: ["read_customers"] });
  expect((await ask(query)).errors).toBeUndefined();
  const [update] = await pair.app.until(1, "app/scopes_update");
  expect(JSON.parse(update!.body)).toMatchObject({ current: expect.arrayContaining(["read_customers"]) });
  await pair.sandbox.control("revoke-scopes", { scopes: ["read_customers"] });
  expect((await ask(query)).errors).toHaveLength(1);
});

test("protected customer data stays back where it isn't approved", async () => {
  const query =
    "{ orders(first: 1) { nodes { name email shippingAddress { city countryCodeV2 firstName } } } }";
  expect((await ask(query)).data).toMatchObject({
    orders: {
      nodes: [
        {
          email: "buyer0@example.com",
          shippingAddress: { city: null, countryCodeV2: "DE", firstName: "Emma" },
        },
      ],
    },
  });
  await pair.sandbox.control("set-shop", { protectedData: ["customer"] });
  const { data, errors } = await ask(query);
  expect(data).toMatchObject({
    orders: { nodes: [{ email: null, shippingAddress: { firstName: null, countryCodeV2: "DE" } }] },
  });
  expect(errors!.every(({ message }) => message.includes("not approved"))).toBe(true);
  await pair.sandbox.control("set-shop", { protectedData: [] });
  expect((await ask(query)).errors![0]!.message).toContain("not approved to access the Order object");
  await pair.sandbox.control("set-shop", { protectedData: ["customer", "name", "email"] });
});

test("one shop's token opens no other shop", async () => {
  const { data } = await ask(
    "{ orders(first: 5) { nodes { id } } shop { name } }",
    {},
    "blue-kiln.myshopify.com",
  );
  expect(data).toEqual({ orders: { nodes: [] }, shop: { name: "Blue Kiln" } });
  const token = pair.sandbox.tokens.issue(pair.sandbox.shops["blue-kiln.myshopify.com"]!);
  const answer = await fetch(pair.sandbox.adminApiUrl, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-shopify-access-token": token.token,
      "x-sandbox-host": ACME,
    },
    body: JSON.stringify({ query: "{ shop { name } }" }),
  });
  expect(answer.status).toBe(401);
});

test("queries are paid for, throttled when the bucket is empty, refused when they are too big", async () => {
  const { extensions } = await ask("{ products(first: 10) { nodes { id title } } }");
  const { requestedQueryCost, actualQueryCost, throttleStatus } = extensions!.cost;
  expect(requestedQueryCost).toBeGreaterThan(2);
  expect(actualQueryCost).toBeLessThanOrEqual(requestedQueryCost);
  expect(throttleStatus).toMatchObject({ maximumAvailable: 2000, restoreRate: 100 });

  await pair.sandbox.control("drain-points", { points: 3 });
  const poor = await ask("{ products(first: 10) { nodes { id title } } }");
  expect(poor.errors).toMatchObject([{ message: "Throttled", extensions: { code: "THROTTLED" } }]);
  expect(poor.extensions!.cost).toMatchObject({
    actualQueryCost: null,
    throttleStatus: { currentlyAvailable: 3 },
  });
  clock = new Date(clock.getTime() + 1000);
  expect((await ask("{ products(first: 10) { nodes { id title } } }")).errors).toBeUndefined();

  const deep =
    "{ products(first: 250) { nodes { variants(first: 250) { nodes { product { collections(first: 250) { nodes { id } } } } } } } }";
  expect((await ask(deep)).errors).toMatchObject([{ extensions: { code: "MAX_COST_EXCEEDED" } }]);
});

test("products answer with what messages need of them", async () => {
  const { data, errors } = await ask(`{
    products(first: 1, query: "title:'Riverclear Epoxy Resin Kit 1.5 kg'") {
      nodes {
        title productType vendor tags isGiftCard
        featuredMedia { preview { image { url } } }
        collections(first: 5) { nodes { title } }
        metafield(namespace: "custom", key: "manual_url") { type value }
        variants(first: 5) { nodes { title price metafield(key: "custom.cure_time") { value } } }
      }
    }
  }`);
  expect(errors).toBeUndefined();
  const { nodes } = (
    data as unknown as { products: { nodes: { featuredMedia: { preview: { image: { url: string } } } }[] } }
  ).products;
  expect(nodes[0]).toMatchObject({
    productType: "Resin",
    collections: { nodes: [{ title: "Workshop" }] },
    metafield: { type: "url", value: "https://manuals.example.com/riverclear-epoxy.pdf" },
    variants: {
      nodes: [{ price: "64.90", metafield: { value: "72 hours" } }, { metafield: { value: "24 hours" } }],
    },
  });
  const image = await fetch(nodes[0]!.featuredMedia.preview.image.url);
  expect(image.headers.get("content-type")).toContain("image/svg+xml");
});

test("a subscription made through the API is gone after eight failures", async () => {
  const broken = await startPair({ webhookRetries: Array.from({ length: 8 }, () => 1) });
  try {
    const token = broken.sandbox.tokens.issue(broken.sandbox.shops[ACME]!);
    const answer = await fetch(broken.sandbox.adminApiUrl, {
      method: "POST",
      headers: { "content-type": "application/json", "x-shopify-access-token": token.token },
      body: JSON.stringify({
        query: `mutation { webhookSubscriptionCreate(topic: PRODUCTS_DELETE, webhookSubscription: { uri: "${broken.app.url}/gone" }) {
          webhookSubscription { id topic uri } userErrors { message } } }`,
      }),
    });
    expect(await answer.json()).toMatchObject({
      data: {
        webhookSubscriptionCreate: { webhookSubscription: { topic: "PRODUCTS_DELETE" }, userErrors: [] },
      },
    });
    broken.app.answer.status = 500;
    await broken.sandbox.control("delete-product", { product: "Gift Card" });
    await broken.app.until(9);
    await broken.sandbox.webhooks.settled();
    expect(broken.sandbox.state.subscriptions).toEqual([]);
  } finally {
    await broken.stop();
  }
});

test("a shop of 400 products pages through", async () => {
  expect(await pair.sandbox.control("add-products", { shop: "blue-kiln", count: 400 })).toEqual({
    added: 400,
    total: 402,
  });
  const { data } = await ask(
    "{ products(first: 250) { nodes { id } pageInfo { hasNextPage } } productsCount { count } }",
    {},
    "blue-kiln.myshopify.com",
  );
  expect(data).toMatchObject({
    products: { pageInfo: { hasNextPage: true } },
    productsCount: { count: 402 },
  });
});
