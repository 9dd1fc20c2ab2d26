import { json, type ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { readPreviewSubject, renderDraft } from "#app/features/messages/draft-preview.server.ts";
import { localeTag } from "#app/features/shops/settings.ts";
import { checkDraft, RenderError } from "#app/features/templates/render.server.ts";
import { parseJson } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import type { PreviewAnswer } from "#app/ui/templates/usePreview.ts";

const content = z.object({ subject: z.string().max(1_000), body: z.string().max(60_000) });
const previewSchema = z.object({
  locales: z.record(localeTag, content).refine((locales) => Object.keys(locales).length <= 40),
  locale: localeTag,
  orderId: z.string().max(100),
  lineId: z.string().max(100),
});

/** Checks a draft and shows it with an order. Changes nothing. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  const input = await parseJson(request, previewSchema);
  if (!input.ok)
    return json<PreviewAnswer>(
      { mail: null, problems: [], failure: Object.values(input.errors)[0] ?? "" },
      { status: 400 },
    );
  const { locales, locale, orderId, lineId } = input.value;
  const shown = locales[locale];
  try {
    const found = await checkDraft({ name: "draft", purpose: "usage", fallbackLocale: locale, locales });
    // What is not written yet is no mistake.
    const problems = found.filter((problem) => locales[problem.locale]?.[problem.field].trim());
    const mine = problems.some((problem) => problem.locale === locale);
    if (mine || !shown?.body.trim()) return json<PreviewAnswer>({ mail: null, problems, failure: null });
    const subject = await inShop((tx) => readPreviewSubject(tx, shop, { orderId, lineId, locale }));
    return json<PreviewAnswer>({
      mail: await renderDraft(shop, shown, locale, subject),
      problems,
      failure: null,
    });
  } catch (error) {
    if (!(error instanceof RenderError)) throw error;
    return json<PreviewAnswer>({ mail: null, problems: [], failure: error.forPerson });
  }
}
