import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { envSchema, parseEnv } from "#app/platform/env.ts";

const good = {
  KEYRING: `a1:${randomBytes(32).toString("base64")}`,
  SHOPIFY_API_KEY: "key",
  SHOPIFY_API_SECRET: "secret-of-the-app",
  SHOPIFY_APP_URL: "https://app.example.com",
  RESEND_API_KEY: "re_1",
  RESEND_WEBHOOK_SECRET: "whsec_abc",
  MAIL_SHARED_DOMAIN: "mail.example.com",
  SUPPORT_EMAIL: "help@example.com",
};

describe("the environment", () => {
  test("is taken when it is right", () => {
    expect(parseEnv(good)).toMatchObject({ PORT: 3000, HOST: "127.0.0.1", SHOPIFY_API_KEY: "key" });
  });

  test("names every variable that is wrong, at once, and shows no value", () => {
    const wrong = {
      ...good,
      PORT: "http",
      KEYRING: "k:tooshort-secret",
      SHOPIFY_API_KEY: "",
      DATABASE_URL: "postgresql://u:hidden@h/d",
    };
    let message = "";
    try {
      parseEnv(wrong);
    } catch (error) {
      message = (error as Error).message;
    }
    for (const name of ["PORT", "KEYRING", "SHOPIFY_API_KEY: is missing", "KEYS_DATABASE_URL"])
      expect(message).toContain(name);
    expect(message).not.toMatch(/tooshort|hidden/);
  });

  test("a key id used twice is refused", () => {
    expect(() => parseEnv({ ...good, KEYRING: `${good.KEYRING},${good.KEYRING}` })).toThrow(/KEYRING/);
  });

  test("README and .env.example know every variable, and no others", () => {
    const names = Object.keys(envSchema.shape).sort();
    const readme = readFileSync("README.md", "utf8");
    const table = [...readme.matchAll(/^\| `([A-Z_]+)`/gm)].map((match) => match[1]).sort();
    const example = [...readFileSync(".env.example", "utf8").matchAll(/^#? ?([A-Z_]+)=/gm)]
      .map((match) => match[1])
      .sort();
    expect(table).toEqual(names);
    expect(example).toEqual(names);
  });
});
