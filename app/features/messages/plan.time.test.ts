import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { plan, type Decision, type PlanHistory, type PlanSettings } from "#app/features/messages/plan.ts";
import { afterQuiet, DAY_MS, isQuiet, type BuyerSend } from "#app/features/messages/plan.time.ts";
import * as make from "#tests/factories/orders.ts";

const settings: PlanSettings = {
  timeZone: "UTC",
  quietHours: null,
  quietZone: "shop",
  frequencyCap: null,
  lateAfterDays: 14,
  mergeWindowMinutes: 15,
};
const nothing: PlanHistory = { suppression: null, done: [], buyer: [], buyerSends: [] };

type Send = Extract<Decision, { kind: "send" }>;
const sendsOf = (decisions: Decision[]) =>
  decisions.filter((decision): decision is Send => decision.kind === "send");

// One zone for each way of keeping time that a calendar can trip over: on both hemispheres, by half an hour, at midnight, and never.
const ZONES = [
  "Europe/Berlin",
  "Europe/London",
  "America/New_York",
  "America/St_Johns",
  "America/Los_Angeles",
  "America/Santiago",
  "America/Havana",
  "Africa/Cairo",
  "Asia/Beirut",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "Pacific/Chatham",
];

/** Around every change of the clocks of two years, one of them a leap year, and around its leap day and New Year. */
function moments(zone: string): number[] {
  const hours = Array.from({ length: 2 * 366 * 24 }, (_, hour) => Date.UTC(2027, 0, 1) + hour * 3_600_000);
  const offset = (at: number) => DateTime.fromMillis(at, { zone }).offset;
  const changes = hours.filter((at, index) => index > 0 && offset(at) !== offset(at - 3_600_000));
  const days = [Date.UTC(2028, 1, 28, 12), Date.UTC(2028, 1, 29, 12), Date.UTC(2027, 11, 31, 12)];
  return [...changes, ...days].flatMap((at) => [-25, -2, -1, 0, 1, 9].map((h) => at + h * 3_600_000));
}

describe.each(ZONES)("in %s, around every change of the clocks and on the leap day", (zone) => {
  const quiets = [
    null,
    { from: "22:00", to: "08:00" },
    { from: "00:30", to: "06:00" },
    { from: "01:45", to: "02:15" },
    { from: "03:00", to: "02:30" },
    { from: "12:00", to: "00:10" },
  ];
  const release = (over: object) =>
    make.release({ servesFrom: "2026-01-01T00:00:00.000Z", definition: make.definition(over) });

  const around = moments(zone);

  test.each(quiets)("each message leaves once, inside the allowed hours: %j", (quietHours) => {
    for (const paid of around) {
      for (const [amount, timeOfDay] of [
        [0, null],
        [1, "02:30"],
        [1, "00:15"],
        [366, null],
      ] as const) {
        const at = new Date(paid).toISOString();
        const order = make.order({ header: make.header({ placedAt: at, paidAt: at, zone }) });
        const input = {
          order,
          releases: [release({ delay: { amount, unit: "days" }, timeOfDay })],
          settings: { ...settings, quietHours, quietZone: "recipient" as const },
          history: nothing,
          now: new Date(paid),
        };
        const [planned, ...more] = sendsOf(plan(input));
        expect(more).toEqual([]);
        const due = Date.parse(planned!.at);
        const told = `${at} + ${amount} d → ${planned!.at}`;
        // A day of 23 hours may fall into what is waited for; and where clocks skip it, 2:30 is 3:30.
        expect(due, told).toBeGreaterThanOrEqual(paid + amount * DAY_MS - 3_600_000);
        expect(due, told).toBeLessThanOrEqual(paid + (amount + 3) * DAY_MS);
        if (quietHours) expect(isQuiet(due, quietHours, zone), told).toBe(false);
        // Looked at again when it is due it leaves, and once it has left it is not planned again.
        const then = { ...input, now: new Date(due) };
        expect(sendsOf(plan(then)).map((send) => send.at)).toEqual([planned!.at]);
        const done = [{ triggerId: planned!.triggerId, channel: planned!.channel }];
        expect(sendsOf(plan({ ...then, history: { ...nothing, done } }))).toEqual([]);
      }
    }
  });

  test("the end of quiet hours is the first allowed moment to the minute, but where clocks skip or repeat it", () => {
    for (const at of around) {
      const quiet = { from: "22:00", to: "08:00" };
      const end = afterQuiet(at, quiet, zone);
      expect(isQuiet(end, quiet, zone)).toBe(false);
      for (let before = at; before < end; before += 30 * 60_000)
        expect(isQuiet(before, quiet, zone)).toBe(true);
    }
  });
});

describe("whose clock counts", () => {
  const quietHours = { from: "21:00", to: "08:00" };
  const at = (quietZone: "shop" | "recipient", zone: string | null, timeOfDay: string | null = null) => {
    const header = make.header({ zone });
    const releases = [make.release({ definition: make.definition({ timeOfDay }) })];
    const now = new Date(header.paidAt!);
    const [send] = sendsOf(
      plan({
        order: make.order({ header }),
        releases,
        settings: { ...settings, timeZone: "Europe/Berlin", quietHours, quietZone },
        history: nothing,
        now,
      }),
    );
    return [send?.at, send?.deferred];
  };

  test("the shop's, unless the recipient's is chosen and known", () => {
    // Paid at 9:00 UTC: 10:00 in Berlin, 4:00 in New York.
    expect(at("shop", "America/New_York")).toEqual(["2026-11-02T09:00:00.000Z", null]);
    expect(at("recipient", "America/New_York")).toEqual(["2026-11-02T13:00:00.000Z", "quiet_hours"]);
    expect(at("recipient", null)).toEqual(["2026-11-02T09:00:00.000Z", null]);
    expect(at("recipient", "America/New_York", "18:00")).toEqual(["2026-11-02T23:00:00.000Z", null]);
    expect(at("shop", "America/New_York", "18:00")).toEqual(["2026-11-02T17:00:00.000Z", null]);
  });
});

describe("how many messages a buyer gets", () => {
  const capped = { ...settings, frequencyCap: { messages: 1, days: 7 } };
  const sent = (at: string): BuyerSend => ({ at, orderId: "other", settled: true });
  const decide = (over: {
    history?: Partial<PlanHistory>;
    purposes?: ("usage" | "warning")[];
    now?: string;
    delays?: number[];
  }) =>
    sendsOf(
      plan({
        order: make.order(),
        releases: (over.purposes ?? ["usage"]).map((purpose, index) =>
          make.release({
            id: `r${index}`,
            triggerId: `t${index}`,
            purpose,
            definition: make.definition({ delay: { amount: over.delays?.[index] ?? 0, unit: "minutes" } }),
          }),
        ),
        settings: capped,
        history: { ...nothing, ...over.history },
        now: new Date(over.now ?? "2026-11-02T09:00:00.000Z"),
      }),
    ).map(({ at, deferred }) => [at, deferred]);

  test("one too many waits until the oldest is out of the window, to the millisecond", () => {
    const history = { buyerSends: [sent("2026-10-30T10:00:00.000Z")] };
    expect(decide({ history })).toEqual([["2026-11-06T10:00:00.000Z", "frequency_cap"]]);
    expect(decide({ history: { buyerSends: [sent("2026-10-26T09:00:00.000Z")] } })).toEqual([
      ["2026-11-02T09:00:00.000Z", null],
    ]);
  });

  test("a warning is never held back, and counts", () => {
    const history = { buyerSends: [sent("2026-11-01T09:00:00.000Z")] };
    expect(decide({ history, purposes: ["warning"] })).toEqual([["2026-11-02T09:00:00.000Z", null]]);
    expect(decide({ purposes: ["warning", "usage"], delays: [0, 60] })).toEqual([
      ["2026-11-02T09:00:00.000Z", null],
      ["2026-11-09T09:00:00.000Z", "frequency_cap"],
    ]);
  });

  test("what shares a mail counts once", () => {
    expect(decide({ purposes: ["usage", "usage", "usage"], delays: [0, 10, 20] })).toEqual([
      ["2026-11-02T09:00:00.000Z", null],
      ["2026-11-02T09:10:00.000Z", null],
      ["2026-11-09T09:00:00.000Z", "frequency_cap"],
    ]);
    // Both held back by the same message leave together.
    const history = { buyerSends: [sent("2026-11-01T09:00:00.000Z")] };
    expect(decide({ history, purposes: ["usage", "usage"], delays: [0, 500] })).toEqual([
      ["2026-11-08T09:00:00.000Z", "frequency_cap"],
      ["2026-11-08T09:00:00.000Z", "frequency_cap"],
    ]);
  });

  test("being held back for long is not being late", () => {
    const buyerSends = [sent("2026-11-02T08:59:00.000Z")];
    const month = { ...settings, frequencyCap: { messages: 1, days: 30 } };
    const input = { order: make.order(), releases: [make.release()], settings: month };
    const history = { ...nothing, buyerSends };
    const at = "2026-12-02T08:59:00.000Z";
    expect(plan({ ...input, history, now: new Date(at) })).toMatchObject([{ kind: "send", at }]);
    const late = new Date("2026-12-17T09:00:00.000Z");
    expect(plan({ ...input, history, now: late })).toMatchObject([{ kind: "skip", reason: "too_late" }]);
  });

  test("of two orders that wait only one makes way, also when both are overdue", () => {
    const [a, b] = ["0190a000-0000-7000-8000-00000000000a", "0190a000-0000-7000-8000-00000000000b"];
    for (const now of ["2026-11-02T09:00:00.000Z", "2026-11-05T09:00:00.000Z"]) {
      const at = (id: string, other: string) =>
        sendsOf(
          plan({
            order: make.order({ id }),
            releases: [make.release()],
            settings: capped,
            history: {
              ...nothing,
              buyerSends: [{ at: "2026-11-02T09:00:00.000Z", orderId: other, settled: false }],
            },
            now: new Date(now),
          }),
        )[0]!.deferred;
      expect([at(a, b), at(b, a)]).toEqual([null, "frequency_cap"]);
    }
  });

  test("in the life of a buyer nothing but warnings is ever one too many, and everything leaves", () => {
    const hour = 3_600_000;
    const orders = fc.array(
      fc.record({
        paid: fc.integer({ min: 0, max: 20 * 24 }),
        delays: fc.array(fc.integer({ min: 0, max: 10 * 24 }), { minLength: 1, maxLength: 3 }),
        warning: fc.boolean(),
      }),
      { minLength: 1, maxLength: 6 },
    );
    const cap = fc.record({ messages: fc.integer({ min: 1, max: 3 }), days: fc.integer({ min: 1, max: 6 }) });
    const quiet = fc.constantFrom(null, { from: "21:00", to: "08:00" });
    const asleep = fc.integer({ min: 1, max: 23 });
    fc.assert(
      fc.property(orders, cap, quiet, asleep, (lives, frequencyCap, quietHours, every) => {
        const start = Date.parse("2026-10-20T00:00:00.000Z");
        const rules = { ...settings, frequencyCap, quietHours, lateAfterDays: 60, mergeWindowMinutes: 0 };
        const left: (BuyerSend & { triggerId: string; warning: boolean })[] = [];
        const waiting = new Map<string, BuyerSend[]>();
        const all = lives.flatMap(({ delays }, index) => delays.map((_, n) => `${index}.${n}`));
        // The worker looks every so many hours, as after an outage: several are overdue at once.
        const step = every * frequencyCap.days * hour;
        for (let looks = start; left.length < all.length && looks < start + 400 * DAY_MS; looks += step) {
          const now = afterQuiet(looks, quietHours, "UTC");
          for (const [index, { paid, delays, warning }] of lives.entries()) {
            const at = new Date(start + paid * hour).toISOString();
            if (Date.parse(at) > now) continue;
            const id = `order-${index}`;
            const done = left.filter((send) => send.orderId === id);
            const others = [...waiting].flatMap(([key, sends]) => (key === id ? [] : sends));
            const decisions = sendsOf(
              plan({
                order: make.order({ id, header: make.header({ placedAt: at, paidAt: at }) }),
                releases: delays.map((amount, n) =>
                  make.release({
                    id: `r${n}`,
                    triggerId: `${index}.${n}`,
                    purpose: warning && n === 0 ? "warning" : "usage",
                    servesFrom: "2026-01-01T00:00:00.000Z",
                    definition: make.definition({ frequency: "order", delay: { amount, unit: "hours" } }),
                  }),
                ),
                settings: rules,
                history: {
                  ...nothing,
                  done: done.map(({ triggerId }) => ({ triggerId, channel: "email" as const })),
                  buyerSends: [...left, ...others],
                },
                now: new Date(now),
              }),
            );
            waiting.set(
              id,
              decisions
                .filter((send) => Date.parse(send.at) > now)
                .map((send) => ({ at: send.at, orderId: id, settled: false })),
            );
            for (const send of decisions.filter((each) => Date.parse(each.at) <= now)) {
              const own = { at: new Date(now).toISOString(), orderId: id, settled: true };
              left.push({
                ...own,
                triggerId: send.triggerId,
                warning: warning && send.triggerId.endsWith(".0"),
              });
            }
          }
        }
        expect(left.map(({ triggerId }) => triggerId).sort()).toEqual([...all].sort());
        for (const [index, send] of left.entries()) {
          if (quietHours) expect(isQuiet(Date.parse(send.at), quietHours, "UTC")).toBe(false);
          if (send.warning) continue;
          const since = Date.parse(send.at) - frequencyCap.days * DAY_MS;
          const before = left.slice(0, index).filter(({ at }) => Date.parse(at) > since);
          // Overdue sections of one order leave together, as one mail when they merge.
          const others = new Set(before.map(({ orderId, at }) => `${orderId}|${at}`));
          others.delete(`${send.orderId}|${send.at}`);
          expect(others.size).toBeLessThan(frequencyCap.messages);
        }
      }),
      { numRuns: 200 },
    );
  });
});
