import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Resend, type CreateEmailOptions } from "resend";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ACME, startPair, WEBHOOK_SECRET } from "#tests/sandbox/receiver.ts";

let pair: Awaited<ReturnType<typeof startPair>>;
let clock: Date;
let resend: Resend;
beforeEach(async () => {
  clock = new Date();
  pair = await startPair({ clock: () => clock, mailsPerSecond: 1000 });
  resend = new Resend("re_test", { baseUrl: pair.sandbox.resendUrl });
});
afterEach(() => pair.stop());

const mail = (to = "emma@example.com", more: Partial<CreateEmailOptions> = {}) =>
  ({
    from: "Acme Outdoor <acme@mail.aftercare.test>",
    to,
    subject: "How to use it",
    html: "<p>Hello</p>",
    text: "Hello",
    ...more,
  }) as CreateEmailOptions;

test("a batch is taken once for each key; another body under the key is a conflict; after 24 h the key is forgotten", async () => {
  const first = await resend.batch.send([mail(), mail("b@example.com")], { idempotencyKey: "batch-1" });
  const again = await resend.batch.send([mail(), mail("b@example.com")], { idempotencyKey: "batch-1" });
  expect(again.data).toEqual(first.data);
  expect(pair.sandbox.mails()).toHaveLength(2);
  const other = await resend.batch.send([mail()], { idempotencyKey: "batch-1" });
  expect(other.error).toMatchObject({ statusCode: 409, name: "invalid_idempotent_request" });
  clock = new Date(clock.getTime() + 24 * 3_600_000 + 1);
  expect((await resend.batch.send([mail()], { idempotencyKey: "batch-1" })).error).toBeNull();
  expect(pair.sandbox.mails()).toHaveLength(3);
});

test("the same key while the first request is under way: wait", async () => {
  await pair.sandbox.control("set-mail-limit", { answerDelay: 3_000 });
  const first = resend.emails.send(mail(), { idempotencyKey: "same" });
  await vi.waitFor(() => expect(pair.sandbox.mails()).toHaveLength(1), { interval: 5 });
  const second = await resend.emails.send(mail(), { idempotencyKey: "same" });
  expect(second.error).toMatchObject({ statusCode: 409, name: "concurrent_idempotent_requests" });
  expect((await first).data?.id).toBe(pair.sandbox.mails()[0]!.id);
  expect(pair.sandbox.mails()).toHaveLength(1);
});

test.each<[string, Partial<CreateEmailOptions> & Record<string, unknown>, number, string]>([
  ["a sender that is no address", { from: "Acme" }, 422, "validation_error"],
  ["a domain that isn't verified", { from: "a@elsewhere.example" }, 403, "validation_error"],
  ["a recipient with a line break", { to: "a@example.com\r\nBcc: b@example.com" }, 422, "validation_error"],
  ["a recipient that is no address", { to: "nobody" }, 422, "validation_error"],
  ["a tag with a space", { tags: [{ name: "order", value: "no 1" }] }, 422, "validation_error"],
  ["no content", { html: undefined, text: undefined }, 422, "missing_required_field"],
  ["no subject", { subject: undefined }, 422, "missing_required_field"],
])("%s is refused", async (_what, more, statusCode, name) => {
  const { error } = await resend.emails.send(mail(undefined, more as Partial<CreateEmailOptions>));
  expect(error).toMatchObject({ statusCode, name });
  expect(pair.sandbox.mails()).toHaveLength(0);
});

test("one bad mail refuses the whole batch", async () => {
  const { error } = await resend.batch.send([mail(), mail("nobody")]);
  expect(error?.message).toContain("emails[1]");
  expect(pair.sandbox.mails()).toHaveLength(0);
  expect((await resend.batch.send(Array.from({ length: 101 }, () => mail()))).error?.statusCode).toBe(422);
});

test("a wrong key, a key that is too long, a limit and a quota each have their error", async () => {
  const stranger = new Resend("re_other", { baseUrl: pair.sandbox.resendUrl });
  expect((await stranger.emails.send(mail())).error?.name).toBe("invalid_api_key");
  expect((await resend.emails.send(mail(), { idempotencyKey: "x".repeat(257) })).error?.name).toBe(
    "invalid_idempotency_key",
  );
  await pair.sandbox.control("fault", { api: "resend", kind: "daily_quota" });
  expect((await resend.emails.send(mail())).error).toMatchObject({
    statusCode: 429,
    name: "daily_quota_exceeded",
  });
  await pair.sandbox.control("set-mail-limit", { perSecond: 1 });
  const answers = [
    await resend.emails.send(mail()),
    await resend.emails.send(mail()),
    await resend.emails.send(mail()),
  ];
  const limited = answers.find(({ error }) => error?.name === "rate_limit_exceeded");
  expect(limited?.headers).toMatchObject({
    "ratelimit-limit": "1",
    "ratelimit-remaining": "0",
    "retry-after": "1",
  });
});

test("a connection cut after the work: the mail was taken, and its key answers for it", async () => {
  await pair.sandbox.control("fault", { api: "resend", kind: "reset_after" });
  expect((await resend.emails.send(mail(), { idempotencyKey: "k" })).error?.statusCode).toBeNull();
  expect(pair.sandbox.mails()).toHaveLength(1);
  expect((await resend.emails.send(mail(), { idempotencyKey: "k" })).data?.id).toBe(
    pair.sandbox.mails()[0]!.id,
  );
  await pair.sandbox.control("fault", { api: "resend", kind: "reset_before" });
  expect((await resend.emails.send(mail(), { idempotencyKey: "l" })).error?.statusCode).toBeNull();
  expect(pair.sandbox.mails()).toHaveLength(1);
});

test("events are signed so that the SDK accepts them, and follow the recipient's fate", async () => {
  await resend.batch.send([
    mail("delivered@resend.dev", { tags: [{ name: "message", value: "m-1" }] }),
    mail("bounced@resend.dev"),
    mail("complained@resend.dev"),
  ]);
  const events = await pair.app.until(7);
  const types = events.map(({ headers, body }) => {
    const payload = resend.webhooks.verify({
      payload: body,
      headers: {
        id: String(headers["svix-id"]),
        timestamp: String(headers["svix-timestamp"]),
        signature: String(headers["svix-signature"]),
      },
      webhookSecret: WEBHOOK_SECRET,
    }) as { type: string; data: { to: string[] } };
    return `${payload.data.to[0]!.split("@")[0]} ${payload.type}`;
  });
  expect(types.sort()).toEqual([
    "bounced email.bounced",
    "bounced email.sent",
    "complained email.complained",
    "complained email.delivered",
    "complained email.sent",
    "delivered email.delivered",
    "delivered email.sent",
  ]);
  expect(JSON.parse(events.find(({ body }) => body.includes("m-1"))!.body)).toMatchObject({
    data: { tags: { message: "m-1" } },
  });
});

test("a domain becomes verified when its records are in the DNS, one by one", async () => {
  const { data: domain } = await resend.domains.create({ name: "mail.acme.example", region: "eu-west-1" });
  expect(domain!.records.map(({ type, name }) => `${type} ${name}`)).toEqual([
    "MX send.mail",
    "TXT send.mail",
    "TXT resend._domainkey.mail",
  ]);
  const status = async () => {
    await resend.domains.verify(domain!.id);
    return (await resend.domains.get(domain!.id)).data!.status;
  };
  expect(await status()).toBe("pending");
  await pair.sandbox.control("publish-dns", { domain: "mail.acme.example", records: [2] });
  expect(await status()).toBe("partially_verified");
  expect(
    (await resend.emails.send(mail("a@example.com", { from: "a@mail.acme.example" }))).error?.statusCode,
  ).toBe(403);
  await pair.sandbox.control("publish-dns", { domain: "mail.acme.example" });
  expect(await status()).toBe("verified");
  expect((await resend.emails.send(mail("a@example.com", { from: "a@mail.acme.example" }))).error).toBeNull();
  expect((await resend.domains.remove(domain!.id)).data).toMatchObject({ deleted: true });
});

test("the mailbox shows the mail and the exact bytes it came in", async () => {
  await resend.emails.send(mail("emma@example.com", { html: "<p>Hi</p><script>alert(1)</script>" }), {
    idempotencyKey: "seen",
  });
  const { mails } = (await (await fetch(`${pair.sandbox.mailboxUrl}.json?to=emma`)).json()) as {
    mails: { id: string; idempotencyKey: string; requestBody: string }[];
  };
  expect(mails[0]).toMatchObject({ idempotencyKey: "seen" });
  expect(JSON.parse(mails[0]!.requestBody)).toMatchObject({ subject: "How to use it" });
  const page = await (await fetch(`${pair.sandbox.mailboxUrl}/${mails[0]!.id}`)).text();
  expect(page).toContain("&lt;script&gt;");
  const body = await fetch(`${pair.sandbox.mailboxUrl}/${mails[0]!.id}/body.html`);
  expect(body.headers.get("content-security-policy")).toContain("sandbox");
});

test("the state survives a restart", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "sandbox-"));
  try {
    const first = await startPair({ dataDir });
    first.sandbox.placeOrder({ email: "a@example.com", lines: [{ product: "Gift Card" }] });
    await new Resend("re_test", { baseUrl: first.sandbox.resendUrl }).emails.send(mail(), {
      idempotencyKey: "before",
    });
    await first.stop();
    const second = await startPair({ dataDir });
    expect(second.sandbox.shops[ACME]!.orders.map(({ name }) => name)).toEqual(["#1001"]);
    await new Resend("re_test", { baseUrl: second.sandbox.resendUrl }).emails.send(mail(), {
      idempotencyKey: "before",
    });
    expect(second.sandbox.mails()).toHaveLength(1);
    await second.stop();
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

test("a busy port is a plain sentence", async () => {
  const port = Number(new URL(pair.sandbox.shopifyUrl).port);
  await expect(startPair({ ports: { admin: port } })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
});

test("the controls over HTTP take JSON alone and say what is wrong", async () => {
  const press = async (name: string, init: RequestInit) => {
    const answer = await fetch(`${pair.sandbox.shopifyUrl}/sandbox/${name}`, { method: "POST", ...init });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const json = (body: unknown) => ({
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect((await press("place-order", { body: new URLSearchParams({ email: "a@example.com" }) })).status).toBe(
    415,
  );
  expect(await press("place-order", json({ lines: [] }))).toMatchObject({
    status: 422,
    body: { error: expect.stringContaining("lines") },
  });
  expect(await press("fulfil", json({ order: "#99" }))).toMatchObject({
    status: 422,
    body: { error: `${ACME} has no order #99` },
  });
  expect((await press("nothing", json({}))).status).toBe(404);
  expect(
    await press("place-order", json({ email: "a@example.com", lines: [{ product: "gift-card" }] })),
  ).toMatchObject({
    status: 200,
    body: { name: "#1001", gid: expect.stringMatching(/^gid:\/\/shopify\/Order\//) },
  });
});
