// Against the sandbox's Resend over HTTP, and a scripted server for what Resend does only on bad days.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Mail, SendOutcome } from "#app/connectors/channels.ts";
import {
  createDomain,
  deleteDomain,
  DomainError,
  getDomain,
  listDomains,
  verifyDomain,
} from "#app/connectors/email/domains.ts";
import { emailChannel, type ResendAccount } from "#app/connectors/email/resend.ts";
import { SHARED_DOMAIN, startSandbox, type Sandbox } from "#tests/sandbox/sandbox.ts";

let sandbox: Sandbox;
let account: ResendAccount;
const channel = emailChannel(() => account);

let scripted: Server;
let answer: (req: IncomingMessage, res: ServerResponse) => void;
let badDay: ResendAccount;

beforeAll(async () => {
  sandbox = await startSandbox({
    apiKey: "key",
    apiSecret: "secret-secret",
    appUrl: "http://127.0.0.1:9",
    resendApiKey: "re_test",
    resendWebhookSecret: "whsec_dGVzdA==",
    mailsPerSecond: 100,
  });
  account = { apiKey: "re_test", baseUrl: sandbox.resendUrl };
  scripted = createServer((req, res) => {
    req.resume().on("end", () => answer(req, res));
  });
  await new Promise<void>((done) => scripted.listen(0, "127.0.0.1", done));
  badDay = { apiKey: "re_test", baseUrl: `http://127.0.0.1:${(scripted.address() as AddressInfo).port}` };
});

afterAll(async () => {
  await sandbox.stop();
  scripted.closeAllConnections();
  await new Promise((done) => scripted.close(done));
});

const mail = (number: number, more: Partial<Mail> = {}): Mail => ({
  messageId: `0197a-${number}`,
  from: `Lampenladen <hello@${SHARED_DOMAIN}>`,
  to: `mette+${number}@example.com`,
  replyTo: "shop@example.com",
  subject: "Your lamp 🦊",
  html: "<p>Hello</p>",
  text: "Hello",
  ...more,
});
const mails = (count: number) => Array.from({ length: count }, (_, number) => mail(number));

let keys = 0;
const key = () => `batch-${(keys += 1)}`;
const fault = (kind: string, more: object = {}) => sandbox.control("fault", { api: "resend", kind, ...more });
const sent = () => sandbox.mails().length;

describe("freeze", () => {
  it("makes the same bytes of the same mails", () => {
    expect(channel.freeze(mails(3))).toBe(channel.freeze(mails(3)));
    expect(JSON.parse(channel.freeze([mail(1)]))).toEqual([
      {
        from: `Lampenladen <hello@${SHARED_DOMAIN}>`,
        to: ["mette+1@example.com"],
        subject: "Your lamp 🦊",
        html: "<p>Hello</p>",
        text: "Hello",
        reply_to: "shop@example.com",
        tags: [{ name: "message_id", value: "0197a-1" }],
      },
    ]);
  });

  it("leaves an empty reply-to out, and writes foreign domains as mail servers do", () => {
    const [frozen] = JSON.parse(
      channel.freeze([mail(1, { replyTo: null, to: "a@bücher.example" })]),
    ) as object[];
    expect(frozen).not.toHaveProperty("reply_to");
    expect(frozen).toHaveProperty("to", ["a@xn--bcher-kva.example"]);
  });
});

describe("send", () => {
  it("hands over one mail or a hundred, as frozen, and learns the pace", async () => {
    for (const count of [1, 100]) {
      const payload = channel.freeze(mails(count));
      const idempotencyKey = key();
      const outcome = await channel.send({ idempotencyKey, payload });
      expect(outcome).toMatchObject({
        kind: "accepted",
        httpStatus: 200,
        pace: { limit: 100, resetMs: 1000 },
      });
      const ids = outcome.kind === "accepted" ? outcome.providerIds : [];
      expect(ids).toEqual(
        sandbox
          .mails()
          .slice(-count)
          .map(({ id }) => id),
      );
      const request = sandbox.mailRequests().at(-1);
      expect(request).toMatchObject({ path: "/emails/batch", idempotencyKey });
      expect(Buffer.from(request?.body ?? "", "base64").toString()).toBe(payload);
    }
  });

  it("may be repeated after a lost answer without a second mail", async () => {
    const batch = { idempotencyKey: key(), payload: channel.freeze(mails(2)) };
    const before = sent();
    await fault("reset_after");
    expect(await channel.send(batch)).toMatchObject({ kind: "uncertain", httpStatus: null });
    expect(await channel.send(batch)).toMatchObject({ kind: "accepted" });
    expect(sent()).toBe(before + 2);
  });

  it("is uncertain when the key is known with other bytes: those may have been sent", async () => {
    const idempotencyKey = key();
    await channel.send({ idempotencyKey, payload: channel.freeze(mails(1)) });
    expect(await channel.send({ idempotencyKey, payload: channel.freeze(mails(2)) })).toMatchObject({
      kind: "uncertain",
      code: "invalid_idempotent_request",
      httpStatus: 409,
    });
  });

  it("is uncertain while another try is under way", async () => {
    const batch = { idempotencyKey: key(), payload: channel.freeze(mails(1)) };
    const before = sent();
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => channel.send(batch)));
    expect(outcomes.some(({ kind }) => kind === "accepted")).toBe(true);
    for (const outcome of outcomes)
      if (outcome.kind !== "accepted")
        expect(outcome).toMatchObject({ kind: "uncertain", code: "concurrent_idempotent_requests" });
    expect(sent()).toBe(before + 1);
  });

  it.each([
    ["rate_limit", "rate_limit_exceeded", 1000],
    ["daily_quota", "daily_quota_exceeded", 3_600_000],
    ["monthly_quota", "monthly_quota_exceeded", 3_600_000],
  ])("waits for %s", async (kind, code, retryAfterMs) => {
    await fault(kind);
    const before = sent();
    const outcome = await channel.send({ idempotencyKey: key(), payload: channel.freeze(mails(1)) });
    expect(outcome).toMatchObject({ kind: "later", code, httpStatus: 429, retryAfterMs });
    expect(sent()).toBe(before);
  });

  it("is refused when one mail of the batch is, and then none is sent", async () => {
    const before = sent();
    const bad = [...mails(2), mail(3, { to: "not an address" })];
    const outcome = await channel.send({ idempotencyKey: key(), payload: channel.freeze(bad) });
    expect(outcome).toMatchObject({ kind: "refused", code: "validation_error", httpStatus: 422 });
    const foreign = [mail(1, { from: "x@unverified.example" })];
    expect(await channel.send({ idempotencyKey: key(), payload: channel.freeze(foreign) })).toMatchObject({
      kind: "refused",
      httpStatus: 403,
    });
    expect(sent()).toBe(before);
  });

  it("waits while our own key is wrong: the mails are good", async () => {
    const wrong = emailChannel(() => ({ ...account, apiKey: "re_wrong" }));
    expect(await wrong.send({ idempotencyKey: key(), payload: wrong.freeze(mails(1)) })).toMatchObject({
      kind: "later",
      code: "invalid_api_key",
      httpStatus: 403,
    });
  });

  const json = (status: number, body: unknown, headers: Record<string, string> = {}) => {
    answer = (_req, res) =>
      void res.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  };
  const onBadDay = (): Promise<SendOutcome> => {
    const bad = emailChannel(() => badDay);
    return bad.send({ idempotencyKey: key(), payload: bad.freeze(mails(2)) });
  };

  it.each([
    [500, { name: "internal_server_error", statusCode: 500, message: "x" }, "uncertain", 500],
    [502, "<html>Bad gateway</html>", "uncertain", 502],
    [503, { error: "maintenance" }, "uncertain", null],
    [408, { name: "application_error", statusCode: 408, message: "x" }, "uncertain", 408],
    [200, "not json", "uncertain", null],
    [200, { data: [{ id: "only one of two" }] }, "uncertain", 200],
    [200, { object: "something else" }, "uncertain", 200],
    [429, "<html>slow down</html>", "later", 429],
    [401, { name: "restricted_api_key", statusCode: 401, message: "x" }, "later", 401],
    [404, { name: "not_found", statusCode: 404, message: "x" }, "later", 404],
    [400, { name: "validation_error", statusCode: 400, message: "x" }, "refused", 400],
    [451, { name: "security_error", statusCode: 451, message: "x" }, "refused", 451],
  ])("takes %i %j for %s", async (status, body, kind, httpStatus) => {
    json(status, body);
    expect(await onBadDay()).toMatchObject({ kind, httpStatus });
  });

  it("is uncertain when the connection breaks or nobody is there", async () => {
    answer = (req) => void req.socket.destroy();
    expect(await onBadDay()).toMatchObject({ kind: "uncertain", httpStatus: null });
    const nobody = emailChannel(() => ({ apiKey: "re_test", baseUrl: "http://127.0.0.1:9" }));
    expect(await nobody.send({ idempotencyKey: key(), payload: nobody.freeze(mails(1)) })).toMatchObject({
      kind: "uncertain",
      httpStatus: null,
    });
  });

  it("is uncertain when no answer comes in time", async () => {
    let asked = 0;
    answer = () => void (asked += 1);
    const slow = emailChannel(() => ({ ...badDay, timeoutMs: 200 }));
    expect(await slow.send({ idempotencyKey: key(), payload: slow.freeze(mails(1)) })).toMatchObject({
      kind: "uncertain",
      httpStatus: null,
    });
    expect(asked).toBe(1);
  });

  it("waits as long as Resend says", async () => {
    json(429, { name: "rate_limit_exceeded", statusCode: 429, message: "x" }, { "retry-after": "7" });
    expect(await onBadDay()).toMatchObject({ kind: "later", retryAfterMs: 7000 });
    json(
      429,
      { name: "rate_limit_exceeded", statusCode: 429, message: "x" },
      { "ratelimit-limit": "2", "ratelimit-remaining": "0", "ratelimit-reset": "3" },
    );
    expect(await onBadDay()).toMatchObject({
      retryAfterMs: 3000,
      pace: { limit: 2, remaining: 0, resetMs: 3000 },
    });
  });

  it("keeps addresses out of what it tells", async () => {
    json(422, { name: "validation_error", statusCode: 422, message: "Invalid `to` mette+0@example.com" });
    expect(await onBadDay()).toMatchObject({ kind: "refused", detail: "Invalid `to` [address]" });
  });
});

describe("domains", () => {
  it("are added, checked, listed and forgotten", async () => {
    const added = await createDomain(account, "mail.lampenladen.example");
    expect(added).toMatchObject({
      name: "mail.lampenladen.example",
      state: "pending",
      dkim: "pending",
      spf: "pending",
      mx: "pending",
    });
    expect(added.records.map(({ purpose, type }) => `${purpose} ${type}`).sort()).toEqual([
      "DKIM TXT",
      "MX MX",
      "SPF TXT",
    ]);
    expect(added.records.find(({ purpose }) => purpose === "SPF")).toMatchObject({
      name: "send.mail",
      host: "send.mail.lampenladen.example",
    });
    expect(added.records.find(({ purpose }) => purpose === "MX")?.priority).toBe(10);
    expect(added.records.find(({ purpose }) => purpose === "DKIM")?.host).toBe(
      "resend._domainkey.mail.lampenladen.example",
    );

    await sandbox.control("publish-dns", { domain: added.name, value: "right" });
    expect(await verifyDomain(account, added.id)).toMatchObject({
      state: "verified",
      dkim: "verified",
      spf: "verified",
      mx: "verified",
    });
    expect(await listDomains(account)).toContainEqual({ id: added.id, name: added.name, state: "verified" });
    await deleteDomain(account, added.id);
    await deleteDomain(account, added.id);
    await expect(getDomain(account, added.id)).rejects.toMatchObject({ problem: "not_found" });
  });

  it("show which record is wrong", async () => {
    const { id, name } = await createDomain(account, "shop.example");
    await sandbox.control("publish-dns", { domain: name, value: "right" });
    await sandbox.control("publish-dns", { domain: name, value: "wrong", records: [2] });
    const seen = await verifyDomain(account, id);
    expect(seen.state).toBe("failed");
    expect([seen.dkim, seen.spf, seen.mx].filter((state) => state === "failed")).toHaveLength(1);
    await deleteDomain(account, id);
  });

  it("say why not, by a name the page has words for", async () => {
    const { id } = await createDomain(account, "twice.example");
    await expect(createDomain(account, "twice.example")).rejects.toMatchObject({ problem: "taken" });
    await expect(createDomain(account, "no domain")).rejects.toMatchObject({ problem: "invalid_name" });
    await expect(listDomains({ ...account, apiKey: "re_wrong" })).rejects.toMatchObject({
      problem: "unavailable",
    });
    await expect(listDomains({ ...account, baseUrl: "http://127.0.0.1:9" })).rejects.toBeInstanceOf(
      DomainError,
    );
    await deleteDomain(account, id);
  });
});
