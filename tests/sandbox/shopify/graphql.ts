// POST /admin/api/2026-10/graphql.json: every operation is checked against Shopify's real schema, its scopes and
// protected data, charged by cost, and answered from the store.
import {
  execute,
  getNamedType,
  GraphQLError,
  isObjectType,
  Kind,
  parse,
  validate,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type OperationDefinitionNode,
} from "graphql";
import { loadAdminSchema, type AdminSchema } from "#tests/sandbox/schema.ts";
import { makeBucket, MAX_QUERY_COST, requestedCost, type Bucket } from "#tests/sandbox/shopify/cost.ts";
import { protectedReason } from "#tests/sandbox/shopify/protected.ts";
import { rootFor, type RootDeps } from "#tests/sandbox/shopify/root.ts";
import type { AccessToken, Answer } from "#tests/sandbox/shopify/tokens.ts";
import type { Shop } from "#tests/sandbox/shopify/types.ts";

export interface AdminApi {
  run(
    shop: Shop,
    token: AccessToken,
    body: { query?: unknown; variables?: unknown; operationName?: unknown },
  ): Promise<Answer>;
  /** Leaves only so many points in the shop's bucket. */
  drain(shop: Shop, points: number): void;
}

interface Context {
  shop: Shop;
  granted: Set<string>;
  objects: number;
}

const DOCS = "https://shopify.dev/docs/api/usage";

export function adminApi(deps: RootDeps): AdminApi {
  const buckets = new Map<string, Bucket>();
  const parsed = new Map<string, { document: DocumentNode; errors: readonly GraphQLError[] }>();

  function bucketOf(shop: Shop): Bucket {
    const key = `${shop.domain} ${shop.plan.pointsPerSecond}`;
    const bucket = buckets.get(key) ?? makeBucket(shop.plan.pointsPerSecond, deps.now);
    buckets.set(key, bucket);
    return bucket;
  }

  function check(admin: AdminSchema, query: string) {
    const known = parsed.get(query);
    if (known) return known;
    let document: DocumentNode;
    try {
      document = parse(query);
    } catch (error) {
      return { document: undefined, errors: [error as GraphQLError] };
    }
    const result = { document, errors: validate(admin.schema, document) };
    if (parsed.size < 500) parsed.set(query, result);
    return result;
  }

  return {
    drain: (shop, points) => bucketOf(shop).drain(points),
    async run(shop, token, body) {
      const admin = loadAdminSchema();
      if (typeof body.query !== "string" || body.query.trim() === "") {
        return { status: 400, body: { errors: { query: "Required parameter missing or invalid" } } };
      }
      const { document, errors } = check(admin, body.query);
      if (!document || errors.length > 0) return { status: 200, body: { errors: errors.map(plain) } };
      const name = typeof body.operationName === "string" ? body.operationName : undefined;
      const operations = document.definitions.filter(
        (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
      );
      const operation = name ? operations.find((each) => each.name?.value === name) : operations[0];
      if (!operation || (!name && operations.length > 1)) {
        return { status: 200, body: { errors: [{ message: "An operation name is required" }] } };
      }
      const variables = (body.variables ?? {}) as Record<string, unknown>;
      const requested = requestedCost(admin.schema, document, operation, variables);
      if (requested > MAX_QUERY_COST) {
        const message = `Query cost is ${requested}, which exceeds the single query max cost limit (${MAX_QUERY_COST}).`;
        return {
          status: 200,
          body: {
            errors: [
              {
                message,
                extensions: {
                  code: "MAX_COST_EXCEEDED",
                  cost: requested,
                  maxCost: MAX_QUERY_COST,
                  documentation: `${DOCS}/limits`,
                },
              },
            ],
          },
        };
      }
      const bucket = bucketOf(shop);
      if (!bucket.take(requested)) {
        const cost = {
          requestedQueryCost: requested,
          actualQueryCost: null,
          throttleStatus: bucket.status(),
        };
        const throttled = {
          message: "Throttled",
          extensions: { code: "THROTTLED", documentation: `${DOCS}/limits` },
        };
        return { status: 200, body: { errors: [throttled], extensions: { cost } } };
      }
      const context: Context = { shop, granted: withImplied(token.scopes), objects: 0 };
      const result = await execute({
        schema: admin.schema,
        document,
        rootValue: rootFor(shop, deps),
        contextValue: context,
        variableValues: variables,
        operationName: name ?? null,
        fieldResolver: resolveField(admin),
        typeResolver: (value) => (value as { __typename?: string }).__typename,
      });
      const mutation = operation.operation === "mutation";
      const actual = mutation ? 10 : Math.min(requested, context.objects);
      bucket.giveBack(requested - actual);
      const cost = {
        requestedQueryCost: requested,
        actualQueryCost: actual,
        throttleStatus: bucket.status(),
      };
      return {
        status: 200,
        body: {
          ...(result.errors ? { errors: result.errors.map(plain) } : {}),
          data: result.data ?? null,
          extensions: { cost },
        },
      };
    },
  };
}

const plain = (error: GraphQLError) => ({
  message: error.message,
  ...(error.locations ? { locations: error.locations } : {}),
  ...(error.path ? { path: error.path } : {}),
  ...(Object.keys(error.extensions).length > 0 ? { extensions: error.extensions } : {}),
});

/** A scope to write includes the one to read. */
export function withImplied(scopes: string[]): Set<string> {
  return new Set(scopes.flatMap((scope) => [scope, scope.replace(/^write_/, "read_")]));
}

function resolveField(admin: AdminSchema): GraphQLFieldResolver<unknown, Context> {
  return (source, args, context, info) => {
    const type = getNamedType(info.returnType);
    if (isObjectType(type) && !/Connection$|Edge$|^PageInfo$/.test(type.name)) context.objects += 1;
    const denied =
      scopeReason(admin, info, context.granted) ??
      protectedReason(context.shop, info.parentType.name, info.fieldName, type.name);
    // Shopify answers null with an error; where the schema allows no null, the nearest parent becomes null.
    if (denied)
      throw new GraphQLError(denied, {
        extensions: { code: "ACCESS_DENIED", documentation: `${DOCS}/access-scopes` },
      });
    const from = (source ?? {}) as Record<string, unknown>;
    if (!(info.fieldName in from)) {
      throw new GraphQLError(`The sandbox does not answer ${info.parentType.name}.${info.fieldName} yet`);
    }
    const value = from[info.fieldName];
    if (typeof value !== "function") return value;
    // An argument that is null counts as left out, as Shopify's do.
    const given = Object.fromEntries(Object.entries(args).filter(([, each]) => each !== null));
    return (value as (args: unknown) => unknown)(given);
  };
}

function scopeReason(admin: AdminSchema, info: GraphQLResolveInfo, granted: Set<string>): string | undefined {
  const needs = [admin.scopes.get(`${info.parentType.name}.${info.fieldName}`)];
  const type = getNamedType(info.returnType);
  needs.push(admin.scopes.get(type.name));
  // A connection asks for what its nodes ask for.
  if (isObjectType(type) && type.name.endsWith("Connection")) {
    const nodes = type.getFields().nodes;
    if (nodes) needs.push(admin.scopes.get(getNamedType(nodes.type).name));
  }
  for (const need of needs) {
    if (need && !need.some((scope) => granted.has(scope))) {
      return `Access denied for ${info.fieldName} field. Required access: ${need.map((scope) => `\`${scope}\` access scope`).join(" or ")}.`;
    }
  }
  return undefined;
}
