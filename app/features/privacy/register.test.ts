import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { REGISTER, RULES } from "#app/features/privacy/register.ts";
import { RETENTION } from "#app/features/privacy/retention.ts";
import { REWRITES } from "#app/features/privacy/redact.server.ts";

const schema = readFileSync("prisma/schema.prisma", "utf8");
const models = [...schema.matchAll(/^model (\w+) \{([\s\S]*?)^\}/gm)].map(([, name = "", body = ""]) => ({
  name,
  table: /@@map\("(\w+)"\)/.exec(body)?.[1],
  // A field whose type is a model is a relation, not a column.
  columns: [...body.matchAll(/^\s+(\w+)\s+(\w+)/gm)]
    .filter(([, , type]) => !new RegExp(`^model ${type} \\{`, "m").test(schema))
    .map(([, column = ""]) => column),
  body,
}));

test("the register knows every table of the schema, and no other", () => {
  expect(Object.keys(REGISTER).sort()).toEqual(models.map(({ name }) => name).sort());
});

describe.each(models.map((model) => [model.name, model] as const))("%s", (name, model) => {
  const rule = RULES.find((each) => each.model === name);

  test("has its table's name, and every column in a class", () => {
    expect(rule?.table).toBe(model.table);
    expect(Object.keys(rule?.columns ?? {}).sort()).toEqual([...model.columns].sort());
  });

  test("seals what is a person's, a mail's, a request's or a token", () => {
    for (const [column, kind] of Object.entries(rule?.columns ?? {})) {
      const sealed = ["buyer", "mail", "payload", "request", "credential"].includes(kind);
      if (sealed) expect(column, `${name}.${column} is ${kind}`).toMatch(/Sealed$/);
      if (column.endsWith("Sealed")) expect(kind, `${name}.${column}`).not.toBe("record");
    }
  });

  test("erases with the shop what is the shop's", () => {
    if (rule?.of === "shop") expect(rule.shop).toBe("delete");
  });

  test("leaves nothing of a buyer in what redaction keeps", () => {
    if (!rule?.buyer || rule.redact === "delete") return;
    const handled = [...(rule.redact?.clear ?? []), ...(rule.redact?.rewrite ?? [])];
    const personal = Object.entries(rule.columns).filter(([, kind]) =>
      ["buyer", "mail", "index", "request"].includes(kind),
    );
    expect(personal.map(([column]) => column).filter((column) => !handled.includes(column))).toEqual([]);
  });
});

test("what has its time says how old it is", () => {
  const timed = RULES.filter(({ retention }) => retention !== "shop" && RETENTION[retention].days !== null);
  expect(timed.filter(({ age, buyer }) => !age && !buyer).map(({ model }) => model)).toEqual([]);
});

test("what points at a table is erased before it", () => {
  const place = new Map(RULES.map(({ model }, index) => [model as string, index]));
  for (const { name, body } of models)
    for (const [, target = ""] of body.matchAll(/^\s+\w+\s+(\w+)\??\s+@relation\(/gm))
      expect(place.get(name)!, `${name} before ${target}`).toBeLessThan(place.get(target)!);
});

test("whatever redaction rewrites has a rewrite, and no rewrite is left over", () => {
  const rewritten = RULES.flatMap(({ model, redact }) =>
    redact && redact !== "delete" ? (redact.rewrite ?? []).map((column) => `${model}.${column}`) : [],
  );
  expect(Object.keys(REWRITES).sort()).toEqual(rewritten.sort());
});
