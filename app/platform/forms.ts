// Browser-safe: the same check runs beside the field and at the door.
import type { z } from "zod";

/** What is wrong, by field: "sender.replyTo" → a sentence for the person. "" speaks of the whole form. */
export type FieldErrors = Record<string, string>;
export type Parsed<T> = { ok: true; value: T } | { ok: false; errors: FieldErrors };

/** Checks input against a schema; the first fault of each field is the one told. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): Parsed<T> {
  const result = schema.safeParse(input);
  if (result.success) return { ok: true, value: result.data };
  const errors: FieldErrors = {};
  for (const { path, message } of result.error.issues.flatMap((issue) => unfold(issue, [])))
    errors[path.join(".")] ??= message;
  return { ok: false, errors };
}

/** No NUL and no half of a surrogate pair, which no JSON column takes: they come with what people paste. */
const storable = <T>(value: T): T =>
  (typeof value === "string" ? value.replaceAll("\0", "").toWellFormed() : value) as T;

/** The most a form without text fields can have to say. */
const SMALL = 8_192;

/** Reads a form that anybody may post: no more of it than such a form can be. */
export async function parseSmallForm<T>(request: Request, schema: z.ZodType<T>): Promise<Parsed<T>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  while (reader && size <= SMALL) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    chunks.push(value);
  }
  // Not cancelled: that would end the connection before the answer.
  reader?.releaseLock();
  const headers = { "content-type": request.headers.get("content-type") ?? "" };
  const body = size > SMALL ? null : new Blob(chunks as Uint8Array<ArrayBuffer>[]);
  return parseForm(new Response(body, { headers }), schema);
}

/** Reads a posted form (the last value of a repeated field counts) and checks it. */
export async function parseForm<T>(
  request: Pick<Request, "formData">,
  schema: z.ZodType<T>,
): Promise<Parsed<T>> {
  const form = await request.formData().catch(() => null);
  if (!form) return { ok: false, errors: { "": "The form did not arrive whole. Please send it again." } };
  return parseInput(schema, Object.fromEntries([...form].map(([name, value]) => [name, storable(value)])));
}

/** Reads a posted JSON body and checks it. */
export async function parseJson<T>(request: Request, schema: z.ZodType<T>): Promise<Parsed<T>> {
  const body: unknown = await request
    .text()
    .then((text) => JSON.parse(text, (_, value: unknown) => storable(value)) as unknown)
    .catch(() => undefined);
  if (body === undefined)
    return { ok: false, errors: { "": "The form did not arrive whole. Please send it again." } };
  return parseInput(schema, body);
}

type Fault = { path: PropertyKey[]; message: string };

// A union says no more than "Invalid input"; its last branch is the one with words for the person.
function unfold(issue: z.core.$ZodIssue, above: PropertyKey[]): Fault[] {
  const path = [...above, ...issue.path];
  const branch = issue.code === "invalid_union" ? issue.errors.at(-1) : undefined;
  return branch?.length ? branch.flatMap((inner) => unfold(inner, path)) : [{ path, message: issue.message }];
}
