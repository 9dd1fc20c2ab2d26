import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseForm, parseInput, parseJson } from "#app/platform/forms.ts";

const schema = z.object({
  name: z.string().min(1, "Enter a name."),
  reply: z.object({ to: z.union([z.literal(""), z.email("Enter an address.")]) }),
  days: z.array(z.number().min(1, "At least one.")),
});

describe("parseInput", () => {
  it("hands back what the schema makes of the input", () => {
    expect(parseInput(z.object({ name: z.string().trim() }), { name: " Jo ", more: 1 })).toEqual({
      ok: true,
      value: { name: "Jo" },
    });
  });

  it("tells each field's first fault by its path, and a union's in the words of its last branch", () => {
    expect(parseInput(schema, { name: "", reply: { to: "nobody" }, days: [2, 0] })).toEqual({
      ok: false,
      errors: { name: "Enter a name.", "reply.to": "Enter an address.", "days.1": "At least one." },
    });
  });

  it("keeps the first of several faults of one field", () => {
    const strict = z.object({ code: z.string().min(3, "Too short.").regex(/^\d+$/, "Digits only.") });
    expect(parseInput(strict, { code: "a" })).toEqual({ ok: false, errors: { code: "Too short." } });
  });

  it("names the whole form when the input is no object", () => {
    expect(Object.keys((parseInput(schema, null) as { errors: object }).errors)).toEqual([""]);
  });
});

const post = (body: BodyInit, type?: string) =>
  new Request("http://app.test/", { method: "POST", body, headers: type ? { "content-type": type } : {} });

describe("parseForm and parseJson", () => {
  it("read what was posted", async () => {
    const names = z.object({ a: z.string() });
    expect(await parseForm(post(new URLSearchParams({ a: "1" })), names)).toEqual({
      ok: true,
      value: { a: "1" },
    });
    expect(await parseJson(post('{"a":"1"}', "application/json"), names)).toEqual({
      ok: true,
      value: { a: "1" },
    });
  });

  it("answer a torn body with a sentence instead of an exception", async () => {
    expect(await parseJson(post('{"a":', "application/json"), schema)).toEqual({
      ok: false,
      errors: { "": expect.stringContaining("send it again") as string },
    });
    expect(await parseForm(post("x", "multipart/form-data; boundary=y"), schema)).toMatchObject({
      ok: false,
    });
  });
});

it("characters that no JSON column takes are left out of what is posted", async () => {
  const schema = z.object({ name: z.string(), list: z.array(z.object({ text: z.string() })).optional() });
  const posted = (body: BodyInit) => new Request("https://app.test", { method: "POST", body });
  const json = JSON.stringify({ name: "A\0B\ud800", list: [{ text: "\udc00c" }] });
  expect(await parseJson(posted(json), schema)).toEqual({
    ok: true,
    value: { name: "AB\ufffd", list: [{ text: "\ufffdc" }] },
  });
  expect(await parseForm(posted(new URLSearchParams({ name: "A\0B" })), schema)).toEqual({
    ok: true,
    value: { name: "AB" },
  });
});
