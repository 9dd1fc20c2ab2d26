import { expect, test } from "vitest";
import { reasonNotComposed } from "#app/features/messages/compose.server.ts";
import { AppError } from "#app/platform/errors.ts";

const held = { at: "2026-11-02T09:00:00.000Z", kind: "held" as const, detail: "render_held" };

test.each([
  ["a release that is not what was released", new AppError("conflict", "x"), [], "release_broken"],
  ["a template that fails", new AppError("invalid", "x"), [], "render_failed"],
  ["a renderer without time", new AppError("unavailable", "x"), [held, held], "render_held"],
  [
    "a renderer without time, again and again",
    new AppError("unavailable", "x"),
    [held, held, held],
    "render_failed",
  ],
  ["something unforeseen", new TypeError("x"), [], "render_failed"],
])("%s", (_, error, timeline, reason) => {
  expect(reasonNotComposed(error, timeline)).toBe(reason);
});
