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

  test("holds a keyring, or names its file, and not both", () => {
    const { KEYRING, ...rest } = good;
    expect(() => parseEnv(rest)).toThrow("KEYRING: is missing (or KEYRING_FILE)");
    expect(parseEnv({ ...rest, KEYRING_FILE: "/run/keyring" }).KEYRING_FILE).toBe("/run/keyring");
    expect(() => parseEnv({ ...rest, KEYRING, KEYRING_FILE: "/run/keyring" })).toThrow("use one of them");
  });

  test("no address carries a name or a password, and no key is one byte repeated", () => {
    for (const [name, value] of [
      ["SHOPIFY_APP_URL", "https://u:p@app.example.com/x"],
      ["RESEND_BASE_URL", "https://u@resend.internal"],
      ["KEYRING", `k1:${Buffer.alloc(32).toString("base64")}`],
    ])
      expect(() => parseEnv({ ...good, NODE_ENV: "development", [name!]: value })).toThrow(`${name}: `);
    expect(parseEnv({ ...good, SHOPIFY_API_SECRET: " secret-of-the-app\n" }).SHOPIFY_API_SECRET).toBe(
      good.SHOPIFY_API_SECRET,
    );
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

describe("production", () => {
  const bytes = randomBytes(32).toString("base64");
  const far = "postgresql://u:hidden@db.internal/d";
  test.each([
    ["KEYRING", `a1:${randomBytes(32).toString("base64")},demo1:${bytes}`, "generated for the demo"],
    ["SHOPIFY_API_SECRET", "shpss_demo0123456789abcdef", "generated for the demo"],
    ["SHOPIFY_API_SECRET", "shpss_Demo0123456789abcdef", "generated for the demo"],
    ["SHOPIFY_API_SECRET_PREVIOUS", " demo-secret", "generated for the demo"],
    ["SHOPIFY_API_SECRET_PREVIOUS", "demo-secret", "generated for the demo"],
    ["RESEND_API_KEY", "re_demo0123", "generated for the demo"],
    ["RESEND_WEBHOOK_SECRET", `whsec_demo${bytes}`, "generated for the demo"],
    ["SHOPIFY_APP_URL", "http://app.example.com", "must be https"],
    ["SHOPIFY_APP_URL", "HTTP://localhost:3000", "must be https"],
    ["SHOPIFY_APP_URL", " http://app.example.com", "must be https"],
    ["SHOPIFY_APP_URL", "\nhttp://app.example.com", "must be https"],
    ["RESEND_BASE_URL", "\thttp://resend.internal", "must be https"],
    ["RESEND_BASE_URL", "http://resend.internal", "must be https"],
    ["DATABASE_URL", far, "without TLS"],
    ["KEYS_DATABASE_URL", `${far}?sslmode=prefer`, "without TLS"],
  ])("refuses %s = %s, which development takes", (name, value, why) => {
    const keys = name === "DATABASE_URL" ? { KEYS_DATABASE_URL: "postgresql://u@localhost/k" } : {};
    const given = { ...good, ...keys, [name]: value };
    const refusal = (() => {
      try {
        parseEnv(given);
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(refusal).toMatch(new RegExp(`^  ${name}: .*${why}`, "m"));
    expect(refusal).not.toContain(value);
    expect(parseEnv({ ...given, NODE_ENV: "development" })).toHaveProperty(name);
  });

  test("takes a database elsewhere over TLS", () => {
    const urls = {
      DATABASE_URL: `${far}?sslmode=verify-full`,
      KEYS_DATABASE_URL: `${far}?sslmode=verify-full`,
    };
    expect(parseEnv({ ...good, ...urls })).toMatchObject(urls);
  });

  test("is no name for anything else", () => {
    expect(parseEnv({ ...good, ENVIRONMENT: "staging" }).ENVIRONMENT).toBe("staging");
    expect(() => parseEnv({ ...good, NODE_ENV: "test", ENVIRONMENT: "production" })).toThrow(
      /ENVIRONMENT: production/,
    );
  });
});
