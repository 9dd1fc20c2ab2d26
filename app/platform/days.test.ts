import { expect, test } from "vitest";
import { spanOf } from "#app/platform/days.ts";

test("days are of the shop's calendar, both included", () => {
  expect(spanOf("2026-11-01", "2026-11-01", "America/New_York")).toEqual({
    gte: new Date("2026-11-01T04:00:00Z"),
    lt: new Date("2026-11-02T05:00:00Z"),
  });
  expect(spanOf(null, null, "UTC")).toEqual({});
});

test.each(["0000-01-01", "0001-01-01", "9999-12-31"])("%s is held within what a database takes", (day) => {
  for (const zone of ["Pacific/Kiritimati", "Pacific/Niue", "UTC"])
    for (const at of Object.values(spanOf(day, day, zone)))
      expect(at.toISOString()).toMatch(/^(1970-01-0[1-3]|9998-12-3[01]|9999-01-01)T/);
});
