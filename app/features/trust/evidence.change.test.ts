// What the Trust page says of an installation whose address is plain http, as on a desk, and of one that is not.
import { expect, test } from "vitest";
import { COMMITMENTS, statusOf } from "#app/features/trust/commitments.ts";
import {
  judgeAddress,
  judgeRegion,
  judgeSecurityContact,
} from "#app/features/trust/evidence.change.server.ts";
import type { Readings } from "#app/features/trust/evidence.ts";
import { parseEnv } from "#app/platform/env.ts";
import { en } from "#app/ui/words/en.ts";
import { bareEnvironment } from "#tests/setup/environment.ts";

const now = new Date("2026-11-27T12:00:00Z");
const on = (url: string, over: object = {}) =>
  parseEnv({ ...bareEnvironment("/nowhere"), SHOPIFY_APP_URL: url, ...over });
const standing = (env: ReturnType<typeof on>) => {
  const facts = { version: null, sameMachine: true, privateAddress: true };
  const readings: Readings = {
    address: { name: "address", ...judgeAddress(env) },
    databaseConnection: { name: "databaseConnection", state: "good", facts },
    securityContact: { name: "securityContact", ...judgeSecurityContact(env, now) },
  };
  return (["D3", "I7"] as const).map((id) => statusOf(COMMITMENTS[id], readings, null, now));
};

test("over a plain http address encryption and the reporters' file are not set up, and the page says why", () => {
  const env = on("http://127.0.0.1:4301");
  expect(standing(env)).toEqual(["not_here", "not_here"]);
  expect(en.evidence.lines.address(judgeAddress(env).facts, String)).toBe(
    "The app's address is plain http; outside production plain HTTP is allowed.",
  );
  expect(en.evidence.lines.securityContact(judgeSecurityContact(env, now).facts, String)).toMatch(
    /^security\.txt counts only over https, and the app's address is plain http\.$/,
  );
});

test("production takes https alone, however it is spelt", () => {
  const production = { NODE_ENV: "production" };
  expect(() => on("http://app.example.com", production)).toThrow(
    "SHOPIFY_APP_URL: must be https in production",
  );
  for (const url of ["https://app.example.com", "HTTPS://App.Example.com"]) {
    const env = on(url, production);
    expect(standing(env)).toEqual(["kept", "kept"]);
    expect(en.evidence.lines.address(judgeAddress(env).facts, String)).toBe(
      "The app's address is https; plain HTTP is refused.",
    );
  }
});

test("the region is told as it was named", () => {
  const env = on("https://app.example.com", { DATA_REGION: "Frankfurt, Germany (EU)" });
  expect(judgeRegion(env)).toEqual({ state: "good", facts: { region: "Frankfurt, Germany (EU)" } });
  expect(judgeRegion(on("https://app.example.com"))).toEqual({ state: "off", facts: { region: null } });
});
