import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "smol-toml";
import { z } from "zod";

const here = dirname(fileURLToPath(import.meta.url));
const list = (text: string | undefined) =>
  (text ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);

const Toml = z.object({
  name: z.string(),
  handle: z.string().optional(),
  application_url: z.string(),
  access_scopes: z.object({
    scopes: z.string().optional(),
    optional_scopes: z.array(z.string()).optional(),
  }),
  webhooks: z.object({
    api_version: z.string(),
    subscriptions: z
      .array(
        z.object({
          topics: z.array(z.string()).optional(),
          compliance_topics: z.array(z.string()).optional(),
          uri: z.string(),
          filter: z.string().optional(),
          include_fields: z.array(z.string()).optional(),
          name: z.string().optional(),
        }),
      )
      .default([]),
  }),
});

export interface TomlSubscription {
  topic: string;
  uri: string;
  filter: string | null;
  includeFields: string[];
  name: string | null;
  compliance: boolean;
}

/** What Shopify knows of the app from shopify.app.toml. */
export interface AppConfig {
  name: string;
  handle: string;
  /** Path that Shopify opens for the app's home. */
  homePath: string;
  scopes: string[];
  optionalScopes: string[];
  apiVersion: string;
  subscriptions: TomlSubscription[];
}

/** Where the app's shopify.app.toml lies; before the app has one, the sandbox's own fixture. */
export function defaultTomlFile(): string {
  const own = join(here, "..", "..", "..", "shopify.app.toml");
  return existsSync(own) ? own : join(here, "..", "fixtures", "shopify.app.toml");
}

/** Reads the toml as Shopify's deployment would. @throws when it does not parse or misses what Shopify needs */
export function readAppConfig(file: string): AppConfig {
  const toml = Toml.parse(parse(readFileSync(file, "utf8")));
  return {
    name: toml.name,
    handle: toml.handle ?? toml.name.toLowerCase().replace(/[^a-z0-9]+/g, "-"),
    homePath: new URL(toml.application_url).pathname,
    scopes: list(toml.access_scopes.scopes),
    optionalScopes: toml.access_scopes.optional_scopes ?? [],
    apiVersion: toml.webhooks.api_version,
    subscriptions: toml.webhooks.subscriptions.flatMap((each) => {
      const rest = {
        uri: each.uri,
        filter: each.filter ?? null,
        includeFields: each.include_fields ?? [],
        name: each.name ?? null,
      };
      return [
        ...(each.topics ?? []).map((topic) => ({ ...rest, topic, compliance: false })),
        ...(each.compliance_topics ?? []).map((topic) => ({ ...rest, topic, compliance: true })),
      ];
    }),
  };
}
