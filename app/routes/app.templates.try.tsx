import { json, type ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { readPreviewSubject, renderDraft } from "#app/features/messages/draft-preview.server.ts";
import { sendTest } from "#app/features/messages/test-send.server.ts";
import { localeTag } from "#app/features/shops/settings.ts";
import { checkDraft, RenderError } from "#app/features/templates/render.server.ts";
import { templateContentSchema } from "#app/features/templates/templates.ts";
import { systemClock } from "#app/platform/clock.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseJson } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import type { TestAnswer } from "#app/ui/templates/TestSend.tsx";

const testSchema = z.object({
  to: z.email("Enter a full email address.").max(254),
  content: templateContentSchema,
  locale: localeTag,
  orderId: z.string().max(100),
  lineId: z.string().max(100),
  templateId: z.uuid().nullable(),
});

/** Sends the draft on the screen to an address of the person's own. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request, "edit");
  const input = await parseJson(request, testSchema);
  if (!input.ok) return json<TestAnswer>({ ok: false, errors: input.errors }, { status: 400 });
  const { to, content, locale, orderId, lineId, templateId } = input.value;
  try {
    const problems = await checkDraft({
      name: "draft",
      purpose: "usage",
      fallbackLocale: locale,
      locales: { [locale]: content },
    });
    if (problems.length > 0) throw new RenderError("template_invalid");
    const subject = await inShop((tx) => readPreviewSubject(tx, shop, { orderId, lineId, locale }));
    const mail = await renderDraft(shop, content, locale, subject);
    await sendTest(shop, { to, mail, templateId }, actor, systemClock());
    return json<TestAnswer>({ ok: true });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return json<TestAnswer>({ ok: false, errors: { to: error.forPerson } }, { status: error.status });
  }
}
