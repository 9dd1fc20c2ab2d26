import { afterAll, expect, test } from "vitest";
import { closeRenderer, renderMail, RenderError } from "#app/features/templates/render.server.ts";
import { envelopeWith } from "#tests/factories/mails.ts";
import { HOSTILE_TEMPLATES } from "#tests/hostile/templates.ts";

afterAll(closeRenderer);

const sane = envelopeWith({ body: "Hello {{ customer.first_name }}" });

test("every hostile template ends as a mail or with a reason, and the next one is served", async () => {
  expect(HOSTILE_TEMPLATES.length).toBeGreaterThanOrEqual(200);
  const before = await renderMail(sane);
  const ends = new Map<string, number>();
  for (const body of HOSTILE_TEMPLATES) {
    const end = await renderMail(envelopeWith({ body })).then(
      () => "made",
      (error: unknown) => {
        expect(error, body.slice(0, 80)).toBeInstanceOf(RenderError);
        return (error as RenderError).reason;
      },
    );
    ends.set(end, (ends.get(end) ?? 0) + 1);
    expect(await renderMail(sane)).toEqual(before);
  }
  // The limits that are counted end most; some are left to the clock, and threads were ended for them.
  for (const reason of ["made", "template_invalid", "template_too_large", "render_timeout"])
    expect([...ends.keys()]).toContain(reason);
  expect([...ends.values()].reduce((sum, count) => sum + count)).toBe(HOSTILE_TEMPLATES.length);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
}, 180_000);

test("a subject stays one line of text, whatever is put into it", async () => {
  const hostile = [
    "a\r\nBcc: x@evil.invalid",
    "a\nb",
    "a\u0000b",
    "a\u2028b",
    "a\u202eb",
    "\r\n\r\n<script>",
  ];
  for (const text of hostile) {
    const { subject } = await renderMail(
      envelopeWith({
        subject: `${text}{{ customer.first_name }}`,
        context: (context) => void (context.customer.first_name = text),
      }),
    );

    expect(subject).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
  }
});
