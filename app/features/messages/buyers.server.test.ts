import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  answerHelped,
  countAnswers,
  findBuyersPage,
  unsubscribe,
} from "#app/features/messages/buyers.server.ts";
import { readLink, signLink } from "#app/features/messages/links.server.ts";
import { lift, suppress } from "#app/features/messages/suppress.server.ts";
import { redactOrders } from "#app/features/privacy/redact.server.ts";
import { getShop, saveSettings } from "#app/features/shops/shops.server.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import { forPlatform, forShop } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { startEngine, type Engine } from "#tests/engine.ts";
import * as make from "#tests/factories/orders.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
  const include = {
    mode: "any" as const,
    rules: [{ kind: "product" as const, values: [{ id: engine.productId(BOUGHT), label: BOUGHT }] }],
  };
  const definition = make.definition({ include, frequency: "order" });
  await engine.addTrigger({ name: "Usage", trigger: { definition } });
  await engine.addTrigger({
    name: "Warning",
    draft: {
      purpose: "warning",
      locales: { en: { subject: "Stop using {{ line.title }}", body: "It may catch fire." } },
    },
    trigger: { definition, priority: -1 },
  });
});
afterAll(() => engine.stop());

const BOUGHT = "Trailcell 600 Lithium Battery Pack";
const inShop = <T>(work: Parameters<typeof forShop<T>>[1]) => forShop(engine.shop.id, work);

/** Somebody buys, and the mail leaves. */
async function buy(email: string) {
  engine.sandbox.placeOrder({ email, lines: [{ product: BOUGHT }] });
  await engine.settle();
  await engine.dispatch();
  const mail = engine.sandbox.mails().find(({ to }) => to.includes(email));
  const order = await inShop(async (tx) =>
    tx.order.findFirstOrThrow({
      where: { buyerIndex: (await openVault(engine.shop.id)).blindIndex("email", email) },
      orderBy: { id: "desc" },
      include: { messages: { include: { sections: true } } },
    }),
  );
  return { mail, order, message: order.messages[0]! };
}

const tokenOf = (url: string) => new URL(url).searchParams.get("link")!;
const listed = (header: string | undefined) => /^<(https?:\/\/[^>]+)>$/.exec(header ?? "")![1]!;

describe("a link", () => {
  const target = { shopId: newId(), id: newId() };

  test("leads where it was signed for, and is the same at every call", async () => {
    const url = await signLink("unsubscribe", target);
    expect(await signLink("unsubscribe", target)).toBe(url);
    expect(await readLink("unsubscribe", tokenOf(url))).toEqual(target);
    expect(await readLink("helped", tokenOf(url))).toBeNull();
  });

  test("with any character changed, cut short or made up is none", async () => {
    const token = tokenOf(await signLink("unsubscribe", target));
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === "A" ? "B" : "A";
      const forged = await readLink("unsubscribe", token.slice(0, at) + other + token.slice(at + 1));
      expect(forged).toBeNull();
    }
    for (const text of ["", token.slice(1), `${token}A`, "A".repeat(128), "\0", "💥".repeat(64)])
      expect(await readLink("unsubscribe", text)).toBeNull();
  });
});

describe("a mail to a buyer", () => {
  test("carries the one-click headers, both links, and names nobody in them", async () => {
    const { mail, message } = await buy("ana@links.test");
    expect(mail?.headers["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click");
    const url = listed(mail?.headers["List-Unsubscribe"]);
    expect(await readLink("unsubscribe", tokenOf(url))).toEqual({ shopId: engine.shop.id, id: message.id });
    for (const part of [mail?.html ?? "", mail?.text ?? ""]) {
      expect(part).toContain(url);
      expect(part.replaceAll("&#38;", "&").match(/\/helped\?link=[\w-]+&said=(yes|no)/g)).toHaveLength(2);
    }
    expect(Buffer.from(tokenOf(url), "base64url").toString("latin1")).not.toContain("ana");
    // Nothing that tells of an opening: no picture but the shop's.
    expect(mail?.html).not.toMatch(/<img(?![^>]*alt="[^"]+")/);
  });

  test("asks nothing where the shop switched that off, nor in a warning", async () => {
    const { settings } = await inShop((tx) => getShop(tx, engine.shop.id));
    await inShop((tx) => saveSettings(tx, engine.shop.id, { ...settings, askHelped: false }, "user:1"));
    const { mail } = await buy("off@links.test");
    expect(mail?.html).not.toContain("/helped?");
    await inShop((tx) => saveSettings(tx, engine.shop.id, settings, "user:1"));
  });
});

describe("to unsubscribe", () => {
  test("takes a POST, once; the next order gets the warning alone, which says why it comes", async () => {
    const { mail, message } = await buy("bea@links.test");
    const token = tokenOf(listed(mail?.headers["List-Unsubscribe"]));
    expect(await findBuyersPage("unsubscribe", token)).toMatchObject({
      shopName: engine.shop.settings.sender.name,
    });
    const optOuts = () => inShop((tx) => tx.suppression.findMany({ where: { messageId: message.id } }));
    expect(await optOuts()).toEqual([]);
    await Promise.all([1, 2, 3].map(() => unsubscribe(token, engine.clock())));
    expect(await optOuts()).toMatchObject([{ reason: "unsubscribed", channel: "email" }]);
    const { timeline } = await inShop((tx) => tx.message.findFirstOrThrow({ where: { id: message.id } }));
    expect((timeline as { kind: string }[]).filter(({ kind }) => kind === "unsubscribed")).toHaveLength(1);

    const next = await buy("bea@links.test");
    const sent = engine.sandbox.mails().filter(({ to }) => to.includes("bea@links.test"));
    expect(sent).toHaveLength(2);
    const warning = sent.find(({ id }) => id !== mail?.id);
    expect(warning?.subject).toContain("Stop using");
    expect(warning?.text).not.toContain("charge it fully");
    expect(warning?.text).toContain("although you unsubscribed");
    expect(mail?.text).not.toContain("although you unsubscribed");
    const reasons = next.order.messages.flatMap(({ sections }) =>
      sections.map(({ state, reason }) => reason ?? state),
    );
    expect(reasons.sort()).toEqual(["frozen", "opted_out"]);
  });

  test("still works once the mail's bytes and batch are gone", async () => {
    const { mail, message } = await buy("cem@links.test");
    await inShop((tx) =>
      tx.message.updateMany({ where: { id: message.id }, data: { frozenSealed: null, batchId: null } }),
    );
    const token = tokenOf(listed(mail?.headers["List-Unsubscribe"]));
    expect(await unsubscribe(token, engine.clock())).not.toBeNull();
    const row = await inShop((tx) => tx.suppression.findFirst({ where: { messageId: message.id } }));
    expect(row).toMatchObject({ reason: "unsubscribed", addressSealed: null });
  });

  test("of an erased buyer, an unknown message and another shop's leads nowhere, alike", async () => {
    const { mail, order, message } = await buy("dev@links.test");
    const token = tokenOf(listed(mail?.headers["List-Unsubscribe"]));
    await forPlatform("delivery", (tx) => redactOrders(tx, engine.shop.id, [order.id], engine.clock()));
    const unknown = await signLink("unsubscribe", { shopId: engine.shop.id, id: newId() });
    const foreign = await signLink("unsubscribe", { shopId: newId(), id: message.id });
    for (const each of [token, tokenOf(unknown), tokenOf(foreign), "nonsense"]) {
      expect(await findBuyersPage("unsubscribe", each)).toBeNull();
      expect(await unsubscribe(each, engine.clock())).toBeNull();
    }
  });

  test("outlives a bounce that is lifted, and a bounce outweighs it meanwhile", async () => {
    const { mail, message } = await buy("eli@links.test");
    await unsubscribe(tokenOf(listed(mail?.headers["List-Unsubscribe"])), engine.clock());
    const bounce = { channel: "email", recipientIndex: message.recipientIndex!, reason: "bounced" };
    await inShop((tx) => suppress(tx, engine.shop.id, bounce));
    const first = await buy("eli@links.test");
    expect(first.message).toMatchObject({ state: "skipped", reason: "suppressed" });
    await inShop((tx) => lift(tx, engine.shop.id, bounce));
    const second = await buy("eli@links.test");
    expect(second.order.messages.some(({ state }) => state === "sent")).toBe(true);
    expect(second.order.messages.flatMap(({ sections }) => sections.map(({ reason }) => reason))).toContain(
      "opted_out",
    );
  });
});

describe("did this help", () => {
  const answersOf = (text: string) =>
    [...text.matchAll(/\/helped\?link=([\w-]+)&said=(?:yes|no)/g)].map(([, token]) => token!);

  test("counts an answer once, the last one, by its release; looking counts nothing", async () => {
    const { mail, message } = await buy("fay@links.test");
    const [token, same] = answersOf(mail?.text ?? "");
    expect(same).toBe(token);
    const count = () => inShop((tx) => countAnswers(tx, engine.shop.id));
    expect(await findBuyersPage("helped", token!)).toMatchObject({ helped: null });
    expect((await count()).size).toBe(0);
    for (const said of [true, true, false]) await answerHelped(token!, said, engine.clock());
    expect([...(await count()).values()]).toEqual([{ yes: 0, no: 1 }]);
    expect(message.sections.map((section) => section.releaseId)).toContain([...(await count()).keys()][0]);
    expect(await findBuyersPage("helped", token!)).toMatchObject({ helped: false });
    expect(await answerHelped(`${token!.slice(0, -4)}AAAA`, true, engine.clock())).toBeNull();
  });
});

test("an address that the provider keeps on its own list was not reached, and nothing was sent to it", async () => {
  engine.sandbox.mailEvents.weather.hold = false;
  const { message } = await buy("suppressed+gil@resend.dev");
  engine.sandbox.mailEvents.release();
  await engine.settle();
  await expect
    .poll(() => inShop((tx) => tx.message.findFirstOrThrow({ where: { id: message.id } })))
    .toMatchObject({ state: "bounced", reason: "suppressed_by_provider", sentAt: null });
  const rows = await forPlatform("delivery", (tx) =>
    tx.suppression.findMany({ where: { recipientIndex: message.recipientIndex! } }),
  );
  expect(rows).toMatchObject([{ shopId: engine.shop.id, reason: "suppressed" }]);
  const vault = await openVault(engine.shop.id);
  const { id, addressSealed } = rows[0]!;
  expect(vault.open({ table: "suppressions", column: "address_sealed", row: id }, addressSealed!)).toBe(
    "suppressed+gil@resend.dev",
  );
});
