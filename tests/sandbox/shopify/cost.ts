// Shopify's calculated query cost. Objects cost 1, scalars 0, mutations 10, connections 2 plus their children times a
// factor. Shopify documents that the factor grows with `first`, not how: measured answers (250 nodes with one object
// each: 25 points) fit twice the natural logarithm. An estimate, but a strict one for nested lists.
import {
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

export const MAX_QUERY_COST = 1000;

const factor = (size: number) => Math.max(Math.min(size, 1), Math.min(size, 2 * Math.log(Math.max(1, size))));

/** Points that the operation asks for, before it runs. */
export function requestedCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const root = operation.operation === "mutation" ? schema.getMutationType()! : schema.getQueryType()!;
  const base = operation.operation === "mutation" ? 10 : 0;
  return Math.max(base, Math.round(selection(root, operation.selectionSet)));

  function selection(type: GraphQLNamedType, set: SelectionSetNode): number {
    let sum = 0;
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) sum += field(type, node);
      else if (node.kind === Kind.INLINE_FRAGMENT) {
        const on = node.typeCondition ? schema.getType(node.typeCondition.name.value)! : type;
        sum += selection(on, node.selectionSet);
      } else {
        const fragment = fragments.get(node.name.value)!;
        sum += selection(schema.getType(fragment.typeCondition.name.value)!, fragment.selectionSet);
      }
    }
    return sum;
  }

  function field(parent: GraphQLNamedType, node: FieldNode): number {
    if (!(isObjectType(parent) || isInterfaceType(parent))) return 0;
    const definition = parent.getFields()[node.name.value];
    if (!definition || !node.selectionSet) return 0;
    const type = getNamedType(definition.type);
    if (isLeafType(type)) return 0;
    if (type.name.endsWith("Connection"))
      return 2 + factor(size(node) ?? 1) * inside(type, node.selectionSet);
    const each = 1 + selection(type, node.selectionSet);
    return size(node) === undefined ? each : factor(size(node)!) * each;
  }

  /** What one node of a connection costs; pageInfo and cursors are free. */
  function inside(type: GraphQLNamedType, set: SelectionSetNode): number {
    if (!isObjectType(type)) return 0;
    let most = 0;
    const look = (inner: SelectionSetNode): void => {
      for (const node of inner.selections) {
        if (node.kind === Kind.FRAGMENT_SPREAD) look(fragments.get(node.name.value)!.selectionSet);
        else if (node.kind === Kind.INLINE_FRAGMENT) look(node.selectionSet);
        else if (node.name.value === "nodes" && node.selectionSet)
          most += nodeCost(type, "nodes", node.selectionSet);
        else if (node.name.value === "edges" && node.selectionSet) {
          for (const edge of node.selectionSet.selections) {
            if (edge.kind === Kind.FIELD && edge.name.value === "node" && edge.selectionSet) {
              most += nodeCost(type, "nodes", edge.selectionSet);
            }
          }
        }
      }
    };
    look(set);
    return most;
  }

  function nodeCost(type: GraphQLNamedType, name: string, set: SelectionSetNode): number {
    if (!isObjectType(type)) return 1;
    const node = getNamedType(type.getFields()[name]!.type);
    if (isLeafType(node)) return 0;
    return 1 + selection(node, set);
  }

  function size(node: FieldNode): number | undefined {
    for (const argument of node.arguments ?? []) {
      const { kind } = argument.value;
      const name = argument.name.value;
      if (name !== "first" && name !== "last" && name !== "ids") continue;
      if (argument.value.kind === Kind.INT) return Number(argument.value.value);
      if (argument.value.kind === Kind.LIST) return argument.value.values.length;
      if (kind === Kind.VARIABLE) {
        const value = variables[argument.value.name.value];
        if (Array.isArray(value)) return value.length;
        if (typeof value === "number") return value;
      }
    }
    return undefined;
  }
}

/** A bucket that fills by `perSecond` up to twenty times as much, one for each app and shop. */
export interface Bucket {
  take(points: number): boolean;
  /** Gives back what a query was charged too much. */
  giveBack(points: number): void;
  drain(to: number): void;
  status(): { maximumAvailable: number; currentlyAvailable: number; restoreRate: number };
}

export function makeBucket(perSecond: number, now: () => Date): Bucket {
  const maximum = perSecond * 20;
  let level = maximum;
  let at = now().getTime();
  const fill = () => {
    const time = now().getTime();
    level = Math.min(maximum, level + ((time - at) / 1000) * perSecond);
    at = time;
  };
  return {
    take(points) {
      fill();
      if (points > level) return false;
      level -= points;
      return true;
    },
    giveBack(points) {
      level = Math.min(maximum, level + points);
    },
    drain(to) {
      fill();
      level = to;
    },
    status() {
      fill();
      return { maximumAvailable: maximum, currentlyAvailable: Math.floor(level), restoreRate: perSecond };
    },
  };
}
