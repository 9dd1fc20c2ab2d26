// What Resend refuses, and with which words.
import type { MailContent } from "#tests/sandbox/resend/types.ts";

export interface ResendError {
  statusCode: number;
  name: string;
  message: string;
}

export const resendError = (statusCode: number, name: string, message: string): ResendError => ({
  statusCode,
  name,
  message,
});
const invalid = (message: string) => resendError(422, "validation_error", message);
const missing = (field: string) => resendError(422, "missing_required_field", `Missing \`${field}\` field.`);

const EMAIL =
  /^[^\s@<>,;:"()[\]\\]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$/;
const TAG = /^[A-Za-z0-9_-]{1,256}$/;
const FIELDS = new Set([
  "from",
  "to",
  "cc",
  "bcc",
  "reply_to",
  "subject",
  "html",
  "text",
  "headers",
  "tags",
  "attachments",
  "scheduled_at",
  "template",
  "topic_id",
]);

/** `Name <mail@example.com>` or a bare address → the address; undefined when it is neither. */
export function addressOf(text: unknown): string | undefined {
  if (typeof text !== "string" || /[\r\n]/.test(text)) return undefined;
  const bare = /^(?:"[^"]*"|[^<>]*)<([^<>]+)>$/.exec(text.trim())?.[1] ?? text.trim();
  return EMAIL.test(bare) && /^[\x20-\x7e]+$/.test(bare) ? bare : undefined;
}

/** The mail in one shape, or the reason why Resend would refuse it. `batch`: no attachments, no scheduling. */
export function readMail(raw: unknown, batch: boolean): MailContent | ResendError {
  if (raw === null || typeof raw !== "object" || Array.isArray(raw))
    return invalid("The request body must be an object.");
  const body = raw as Record<string, unknown>;
  for (const field of Object.keys(body)) {
    if (!FIELDS.has(field)) return invalid(`Unknown field \`${field}\`.`);
  }
  if (batch && (body.attachments !== undefined || body.scheduled_at !== undefined)) {
    return invalid("`attachments` and `scheduled_at` are not supported in batch sending.");
  }
  for (const field of ["from", "to", "subject"])
    if (body[field] === undefined || body[field] === null) return missing(field);
  if (!addressOf(body.from)) {
    return resendError(
      422,
      "validation_error",
      "Invalid `from` field. The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.",
    );
  }
  const lists: Record<string, string[]> = {};
  for (const field of ["to", "cc", "bcc", "reply_to"]) {
    const value =
      body[field] === undefined || body[field] === null
        ? []
        : Array.isArray(body[field])
          ? body[field]
          : [body[field]];
    if (!value.every(addressOf)) {
      return invalid(
        `Invalid \`${field}\` field. The email address needs to follow the \`email@example.com\` or \`Name <email@example.com>\` format.`,
      );
    }
    if (value.length > 50) return invalid(`The \`${field}\` field takes at most 50 addresses.`);
    lists[field] = value as string[];
  }
  if (lists.to!.length === 0) return missing("to");
  if (typeof body.subject !== "string" || body.subject.trim() === "" || /[\r\n]/.test(body.subject)) {
    return invalid("Invalid `subject` field: a line of text is expected.");
  }
  for (const field of ["html", "text"]) {
    if (body[field] !== undefined && body[field] !== null && typeof body[field] !== "string")
      return invalid(`\`${field}\` must be a string.`);
  }
  if (!body.html && !body.text) return missing("html or text");
  const headers = (body.headers ?? {}) as Record<string, unknown>;
  if (typeof headers !== "object" || Array.isArray(headers)) return invalid("`headers` must be an object.");
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\x21-\x39\x3b-\x7e]+$/.test(name) || typeof value !== "string" || /[\r\n]/.test(value)) {
      return invalid(`Invalid header \`${name}\`.`);
    }
  }
  const tags = body.tags ?? [];
  if (!Array.isArray(tags)) return invalid("`tags` must be an array.");
  if (tags.length > 75) return invalid("At most 75 tags are allowed.");
  for (const tag of tags as { name?: unknown; value?: unknown }[]) {
    if (
      typeof tag?.name !== "string" ||
      typeof tag.value !== "string" ||
      !TAG.test(tag.name) ||
      !TAG.test(tag.value)
    ) {
      return invalid("Tags should only contain ASCII letters, numbers, underscores, or dashes.");
    }
  }
  if (new Set((tags as { name: string }[]).map(({ name }) => name)).size !== tags.length)
    return invalid("Tag names must be unique.");
  return {
    from: body.from as string,
    to: lists.to!,
    cc: lists.cc!,
    bcc: lists.bcc!,
    reply_to: lists.reply_to!,
    subject: body.subject,
    html: (body.html as string | undefined) ?? null,
    text: (body.text as string | undefined) ?? null,
    headers: headers as Record<string, string>,
    tags: tags as { name: string; value: string }[],
  };
}

export const isError = (value: object): value is ResendError => "statusCode" in value;
