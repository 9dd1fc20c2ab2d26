import { json, type ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { readPreviewSubject, renderAndCheckDraft } from "#app/features/messages/draft-preview.server.ts";
import { localeTag } from "#app/features/shops/settings.ts";
import { checkDraft, checkDraftPolicy, RenderError } from "#app/features/templates/render.server.ts";
import { PURPOSES } from "#app/features/templates/templates.ts";
import { parseJson } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import type { PreviewAnswer } from "#app/ui/templates/usePreview.ts";

const content = z.object({ subject: z.string().max(1_000), body: z.string().max(60_000) });
const previewSchema = z.object({
  locales: z.record(localeTag, content).refine((locales) => Object.keys(locales).length <= 40),
  locale: localeTag,
  purpose: z.enum(PURPOSES),
  orderId: z.string().max(100),
  lineId: z.string().max(100),
});

const NOTHING: PreviewAnswer = { mail: null, problems: [], findings: [], mailFindings: [], failure: null };

/** Checks a draft and shows it with an order. Changes nothing. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop, inShop } = await requireShop(request, "view");
  const input = await parseJson(request, previewSchema);
  if (!input.ok)
    return json<PreviewAnswer>(
      { ...NOTHING, failure: Object.values(input.errors)[0] ?? "" },
      { status: 400 },
    );
  const { locales, locale, purpose, orderId, lineId } = input.value;
  const shown = locales[locale];
  try {
    const draft = { name: "draft", purpose, fallbackLocale: locale, locales };
    const [found, findings] = await Promise.all([
      checkDraft(draft),
      checkDraftPolicy({ channel: "email", purpose, draft }),
    ]);
    // What is not written yet is no mistake.
    const problems = found.filter((problem) => locales[problem.locale]?.[problem.field].trim());
    const mine = problems.some((problem) => problem.locale === locale);
    if (mine || !shown?.body.trim()) return json<PreviewAnswer>({ ...NOTHING, problems, findings });
    const subject = await inShop((tx) => readPreviewSubject(tx, shop, { orderId, lineId, locale }));
    const made = await renderAndCheckDraft(shop, purpose, shown, locale, subject);
    // What the text itself says is told beside it.
    const told = new Set(findings.filter((each) => each.locale === locale).map(({ ruleId }) => ruleId));
    const mailFindings = made.findings.filter(({ ruleId }) => !told.has(ruleId));
    return json<PreviewAnswer>({ mail: made.mail, problems, findings, mailFindings, failure: null });
  } catch (error) {
    if (!(error instanceof RenderError)) throw error;
    return json<PreviewAnswer>({ ...NOTHING, failure: error.forPerson });
  }
}
