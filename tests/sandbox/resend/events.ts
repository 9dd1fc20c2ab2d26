// Resend's webhooks, signed the Svix way.
import { createHmac, randomUUID } from "node:crypto";
import { addressOf } from "#tests/sandbox/resend/validate.ts";
import type { Mail, MailEvent } from "#tests/sandbox/resend/types.ts";
import { takeFault } from "#tests/sandbox/faults.ts";
import type { Store } from "#tests/sandbox/state.ts";

export const EVENT_TYPES = [
  "sent",
  "delivered",
  "delivery_delayed",
  "bounced",
  "complained",
  "failed",
  "suppressed",
  "opened",
  "clicked",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export interface EventWeather {
  /** Milliseconds between one event of a mail and the next. */
  delay: number;
  duplicates: number;
  hold: boolean;
}

export interface MailEvents {
  weather: EventWeather;
  /** Plays what happens to a mail after it was accepted, by its recipient. */
  play(mail: Mail): void;
  emit(mail: Mail, type: EventType): MailEvent;
  release(): number;
  redeliver(id: string): void;
  stop(): Promise<void>;
}

// Recipients that stand for a fate, as Resend's test addresses do (with labels: bounced+one@resend.dev).
const FATES: [RegExp, EventType[]][] = [
  [/^bounced(\+.*)?@resend\.dev$/i, ["sent", "bounced"]],
  [/^complained(\+.*)?@resend\.dev$/i, ["sent", "delivered", "complained"]],
  [/^suppressed(\+.*)?@resend\.dev$/i, ["suppressed"]],
  [/^delayed(\+.*)?@resend\.dev$/i, ["sent", "delivery_delayed", "delivered"]],
];

const DETAILS: Partial<Record<EventType, Record<string, unknown>>> = {
  bounced: {
    bounce: {
      type: "Permanent",
      subType: "General",
      message:
        "The recipient's email provider sent a hard bounce message, but didn't specify the reason for the hard bounce.",
    },
  },
  failed: { failed: { reason: "reached_daily_quota" } },
  suppressed: {
    suppressed: {
      type: "OnAccountSuppressionList",
      message: "The recipient is on the account's suppression list.",
    },
  },
};

const RETRIES = [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000];

export function mailEvents(store: Store, url: string, secret: string, now: () => Date): MailEvents {
  const { state } = store;
  const weather: EventWeather = { delay: 50, duplicates: 0, hold: false };
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  let stopped = false;

  function later(wait: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (!stopped) work();
    }, wait);
    timers.add(timer);
  }

  function emit(mail: Mail, type: EventType): MailEvent {
    const at = now();
    const id = `msg_${randomUUID().replaceAll("-", "")}`;
    const body = JSON.stringify({
      type: `email.${type}`,
      created_at: at.toISOString(),
      data: {
        created_at: mail.created_at,
        email_id: mail.id,
        message_id: `<${mail.id}@eu-west-1.amazonses.com>`,
        from: mail.from,
        to: mail.to,
        subject: mail.subject,
        tags: Object.fromEntries(mail.tags.map(({ name, value }) => [name, value])),
        ...DETAILS[type],
      },
    });
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
    mail.last_event = type;
    if (type === "bounced" || type === "complained")
      state.suppressed.push(addressOf(mail.to[0])!.toLowerCase());
    const event: MailEvent = {
      id,
      type: `email.${type}`,
      emailId: mail.id,
      body,
      headers: {
        "content-type": "application/json",
        "user-agent": "Svix-Webhooks/1.62.0",
        "svix-id": id,
        "svix-timestamp": timestamp,
        "svix-signature": `v1,${signature}`,
      },
      attempts: [],
      state: weather.hold ? "held" : "waiting",
    };
    state.mailEvents.push(event);
    if (state.mailEvents.length > 5_000) state.mailEvents.shift();
    store.changed();
    if (takeFault(store, "webhooks", event.type)?.kind === "lose") event.state = "lost";
    if (event.state === "waiting") for (let copy = 0; copy <= weather.duplicates; copy += 1) start(event);
    return event;
  }

  function start(event: MailEvent): void {
    const run = send(event).finally(() => running.delete(run));
    running.add(run);
  }

  async function send(event: MailEvent): Promise<void> {
    const attempt = { at: now().toISOString(), status: null as number | null, error: null as string | null };
    try {
      // Svix gives a receiver 15 seconds.
      const answer = await fetch(url, {
        method: "POST",
        headers: event.headers,
        body: event.body,
        signal: AbortSignal.timeout(15_000),
        redirect: "manual",
      });
      await answer.arrayBuffer();
      attempt.status = answer.status;
    } catch (error) {
      attempt.error =
        error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : String(error);
    }
    event.attempts.push(attempt);
    const ok = attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
    const wait = RETRIES[event.attempts.length - 1];
    event.state = ok ? "delivered" : wait === undefined ? "failed" : "waiting";
    if (event.state === "waiting" && !stopped) later(wait!, () => start(event));
    store.changed();
  }

  return {
    weather,
    emit,
    play(mail) {
      const address = addressOf(mail.to[0])!.toLowerCase();
      const onList = state.suppressed.includes(address) && !address.endsWith("@resend.dev");
      const fate = onList
        ? (["suppressed"] as const)
        : (FATES.find(([pattern]) => pattern.test(address))?.[1] ?? ["sent", "delivered"]);
      fate.forEach((type, step) => later(weather.delay * (step + 1), () => emit(mail, type)));
    },
    release() {
      weather.hold = false;
      const held = state.mailEvents.filter((each) => each.state === "held");
      for (const event of held) {
        event.state = "waiting";
        start(event);
      }
      return held.length;
    },
    redeliver(id) {
      const event = state.mailEvents.find((each) => each.id === id);
      if (!event) throw new Error(`No mail event ${id}`);
      start(event);
    },
    async stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.allSettled(running);
    },
  };
}
