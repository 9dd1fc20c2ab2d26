import { afterAll, expect, test } from "vitest";
import { makeMail } from "#app/features/templates/mail.server.ts";
import {
  checkDraft,
  closeRenderer,
  renderMail,
  renderPlainText,
  RenderError,
} from "#app/features/templates/render.server.ts";
import { AppError } from "#app/platform/errors.ts";
import { envelopeWith } from "#tests/factories/mails.ts";

afterAll(closeRenderer);

const sane = envelopeWith({ body: "Hello {{ customer.first_name }}" });
/** Within every limit of Liquid, and minutes of work for the parser of Markdown. */
const endless = envelopeWith({ body: `{% for i in (1..1900) %}${"_a".repeat(25)}{% endfor %}` });

test("a mail made in a thread is the mail made here, and the same each time", async () => {
  const [one, two] = await Promise.all([renderMail(sane), renderMail(sane)]);
  expect(one).toEqual(two);
  expect(one).toEqual(makeMail(sane));
  expect(await renderPlainText(sane)).toBe("Hello Anna");
});

test("a hundred at once all come out, each its own", async () => {
  const names = Array.from({ length: 100 }, (_, index) => `Buyer ${index}`);
  const mails = await Promise.all(
    names.map((name) =>
      renderPlainText(
        envelopeWith({
          body: "Hi {{ customer.first_name }}",
          context: (context) => void (context.customer.first_name = name),
        }),
      ),
    ),
  );
  expect(mails).toEqual(names.map((name) => `Hi ${name}`));
});

test("an endless template ends its own thread; others go on meanwhile and afterwards", async () => {
  const order: string[] = [];
  const slow = renderMail(endless, { cpuMs: 500 }).then(
    () => order.push("made"),
    (error: unknown) => {
      order.push("ended");
      expect(error).toBeInstanceOf(RenderError);
      expect(error).toMatchObject({ reason: "render_timeout", code: "unavailable" });
    },
  );
  await renderMail(sane).then(() => order.push("other"));
  await slow;
  expect(order).toEqual(["other", "ended"]);
  expect((await renderMail(sane)).text).toContain("Hello Anna");
});

test("as many endless templates as there are threads, and more, don't starve the rest", async () => {
  const slow = Array.from({ length: 6 }, () => renderMail(endless, { cpuMs: 100 }));
  const outcomes = await Promise.allSettled([...slow, renderMail(sane)]);
  expect(outcomes.map(({ status }) => status)).toEqual([...slow.map(() => "rejected"), "fulfilled"]);
});

test.each([
  ["template_invalid", { body: "{{ customer.first_name" }],
  ["template_broken", { body: "{{ 'a' | append }}" }],
  ["template_too_large", { body: "{% for i in (1..100000000) %}x{% endfor %}" }],
  ["template_too_large", { body: "> ".repeat(20_000) }],
  ["message_empty", { body: "{{ product.metafields.a.b }}" }],
] as const)("%s is an error of the app, with nothing of the buyer in it", async (reason, parts) => {
  const envelope = envelopeWith({
    ...parts,
    context: (context) => void (context.customer.first_name = "Secretname"),
  });
  // On a busy machine the limits that are counted must win over the one that is timed.
  const error = await renderMail(envelope, { cpuMs: 60_000 }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: "invalid", reason, message: `render: ${reason}` });
  expect((error as RenderError).forPerson).toMatch(/^[A-Z].*\.$/);
  expect(JSON.stringify([error, (error as Error).message, (error as Error).stack])).not.toContain(
    "Secretname",
  );
});

test("a draft is checked in a thread, too", async () => {
  const draft = (body: string) => ({
    name: "x",
    purpose: "care" as const,
    fallbackLocale: "en",
    locales: { en: { subject: "x", body } },
  });
  expect(await checkDraft(draft("{{ nope }}"))).toMatchObject([{ field: "body", line: 1, column: 4 }]);
  expect(await checkDraft(draft("fine"))).toEqual([]);
  await expect(checkDraft(draft("_a".repeat(25_000)), { cpuMs: 100 })).rejects.toMatchObject({
    reason: "render_timeout",
  });
});
