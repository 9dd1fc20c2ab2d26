import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from "graphql";
import { fetchAdminSchema, schemaFile } from "#tests/setup/admin-schema.mjs";

/** Shopify's Admin API schema of one version, with the access scopes it asks for. */
export interface AdminSchema {
  schema: GraphQLSchema;
  /** `Order` or `Order.customer` → the scopes of which one is enough. Absent: no scope needed. */
  scopes: Map<string, string[]>;
}

interface ScopeItem {
  typeName: string;
  fieldName?: string;
  offlineScopes: string[];
}

let loaded: AdminSchema | undefined;

/**
 * The real 2026-10 Admin schema (about 0.7 s and 150 MB the first time, then the same object).
 * Fetches the file when set-up has not done so yet.
 */
export function loadAdminSchema(): AdminSchema {
  if (loaded) return loaded;
  fetchAdminSchema(() => {});
  const file = JSON.parse(gunzipSync(readFileSync(schemaFile)).toString("utf8")) as {
    data: IntrospectionQuery;
    offline_scopes: { items: ScopeItem[] };
  };
  const scopes = new Map<string, string[]>();
  for (const { typeName, fieldName, offlineScopes } of file.offline_scopes.items) {
    if (offlineScopes.length > 0)
      scopes.set(fieldName ? `${typeName}.${fieldName}` : typeName, offlineScopes);
  }
  loaded = { schema: buildClientSchema(file.data, { assumeValid: true }), scopes };
  return loaded;
}
