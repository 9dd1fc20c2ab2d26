import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDeliveryEvent, RESEND_TOPICS, verifyResendWebhook } from "#app/connectors/email/events.ts";

// Resend's own vectors: a secret, an id and a time of the Svix documentation.
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const SIGNED_AT = 1614265330;
const NOW = new Date(SIGNED_AT * 1000);
const KNOWN = '{"test": 2432232314}';
const headers = (signature: string, more: Record<string, string> = {}) => ({
  "svix-id": ID,
  "svix-timestamp": String(SIGNED_AT),
  "svix-signature": signature,
  ...more,
});
const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

const verify = (given: Record<string, string>, body = KNOWN, now = NOW, secrets = [SECRET]) =>
  verifyResendWebhook(secrets, given, Buffer.from(body), now);

describe("verifyResendWebhook", () => {
  it("accepts what Resend signed, and says what it is", () => {
    expect(verify(headers(SIGNATURE))).toEqual({
      accepted: true,
      facts: {
        topic: "unknown",
        shopDomain: "",
        webhookId: ID,
        eventId: null,
        apiVersion: null,
        triggeredAt: NOW,
      },
    });
    const body = '{"type":"email.delivered"}';
    const signature = createHmac("sha256", Buffer.from(SECRET.slice(6), "base64"))
      .update(`${ID}.${SIGNED_AT}.${body}`)
      .digest("base64");
    expect(verify(headers(`v1,${signature}`), body)).toMatchObject({ facts: { topic: "email.delivered" } });
  });

  it("accepts one good signature among several, and either secret while they rotate", () => {
    expect(verify(headers(`v1,AAAA v2,${SIGNATURE.slice(3)} ${SIGNATURE}`)).accepted).toBe(true);
    expect(verify(headers(SIGNATURE), KNOWN, NOW, ["whsec_bmV3", SECRET]).accepted).toBe(true);
    expect(verify(headers(SIGNATURE), KNOWN, NOW, ["whsec_bmV3"]).accepted).toBe(false);
  });

  it.each([
    ["another body", headers(SIGNATURE), '{"test":2432232314}'],
    ["another id", headers(SIGNATURE, { "svix-id": "msg_other" }), KNOWN],
    ["another time", headers(SIGNATURE, { "svix-timestamp": String(SIGNED_AT + 1) }), KNOWN],
    ["another scheme", headers(SIGNATURE.replace("v1", "v2")), KNOWN],
    ["no signature in the header", headers("v1,"), KNOWN],
    ["half a signature", headers(SIGNATURE.slice(0, 20)), KNOWN],
    ["a time that is none", headers(SIGNATURE, { "svix-timestamp": "1e9" }), KNOWN],
  ])("refuses %s", (_name, given, body) => {
    expect(verify(given, body)).toMatchObject({ accepted: false, status: 401 });
  });

  it("refuses a recorded webhook played again after five minutes, and one from the future", () => {
    const at = (minutes: number) =>
      verify(headers(SIGNATURE), KNOWN, new Date(NOW.getTime() + minutes * 60_000)).accepted;
    expect([at(-5.1), at(-4.9), at(4.9), at(5.1)]).toEqual([false, true, true, false]);
  });

  it("tells what is no webhook of Resend's", () => {
    expect(verify({})).toMatchObject({ accepted: false, status: 400 });
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.uint8Array(), (id, time, signature, body) => {
        const given = { "svix-id": id, "svix-timestamp": time, "svix-signature": signature };
        expect(verifyResendWebhook([SECRET], given, Buffer.from(body), NOW).accepted).toBe(false);
      }),
    );
  });
});

const event = (type: string, data: Record<string, unknown> = {}) => ({
  type,
  created_at: "2026-11-20T10:00:00.000Z",
  data: {
    email_id: "56761188-7520-42d8-8898-ff6fc54ce618",
    from: "Shop <orders@example.com>",
    to: ["mette@example.com"],
    subject: "Your lamp",
    tags: { message_id: "0197a" },
    ...data,
  },
});

describe("readDeliveryEvent", () => {
  it("finds the way home by our tag", () => {
    expect(readDeliveryEvent("msg_1", event("email.delivered"))).toEqual({
      eventId: "msg_1",
      messageId: "0197a",
      providerId: "56761188-7520-42d8-8898-ff6fc54ce618",
      kind: "delivered",
      permanent: false,
      detail: null,
      at: "2026-11-20T10:00:00.000Z",
    });
    expect(
      readDeliveryEvent("msg_1", event("email.sent", { tags: [{ name: "message_id", value: "7" }] }))
        ?.messageId,
    ).toBe("7");
    expect(readDeliveryEvent("msg_1", event("email.sent", { tags: undefined }))?.messageId).toBeNull();
  });

  it.each([
    ["email.sent", {}, "sent", false],
    ["email.delivery_delayed", {}, "delayed", false],
    ["email.bounced", { bounce: { type: "Permanent", subType: "General", message: "x" } }, "bounced", true],
    [
      "email.bounced",
      { bounce: { type: "Transient", subType: "MailboxFull", message: "x" } },
      "bounced",
      false,
    ],
    ["email.bounced", { bounce: { type: "Undetermined" } }, "bounced", false],
    ["email.bounced", {}, "bounced", false],
    ["email.complained", {}, "complained", true],
    ["email.failed", { failed: { reason: "reached_daily_quota" } }, "failed", false],
    [
      "email.suppressed",
      { suppressed: { type: "OnAccountSuppressionList", message: "x" } },
      "suppressed",
      true,
    ],
  ])("%s %j is %s (for good: %s)", (type, data, kind, permanent) => {
    expect(readDeliveryEvent("msg_1", event(type, data))).toMatchObject({ kind, permanent });
  });

  it("keeps the reason without the address", () => {
    const bounce = { type: "Permanent", subType: "General", message: "550 <mette@example.com> unknown" };
    expect(readDeliveryEvent("msg_1", event("email.bounced", { bounce }))?.detail).toBe(
      "Permanent: General: 550 <[address]> unknown",
    );
  });

  it("has nothing to say of readers and of other topics", () => {
    for (const type of ["email.opened", "email.clicked", "domain.updated", "contact.created"])
      expect(readDeliveryEvent("msg_1", event(type))).toBeNull();
    expect(RESEND_TOPICS).toHaveLength(7);
  });

  it("refuses what has not the shape, without repeating it", () => {
    const broken = event("email.bounced", { email_id: 7, bounce: "mette@example.com" });
    let message = "";
    try {
      readDeliveryEvent("msg_1", broken);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain("email_id");
    expect(message).not.toContain("mette");
    expect(() => readDeliveryEvent("msg_1", null)).toThrow();
  });
});
