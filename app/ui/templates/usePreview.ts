import { useFetcher } from "@remix-run/react";
import { useEffect, useState } from "react";
import type { Finding } from "#app/features/templates/policy.ts";
import type {
  Purpose,
  RenderedMail,
  TemplateContent,
  TemplateProblem,
} from "#app/features/templates/templates.ts";

/** Everything the picture depends on. */
export type PreviewWish = {
  locales: Record<string, TemplateContent>;
  locale: string;
  purpose: Purpose;
  orderId: string;
  lineId: string;
};

/** `mail` null: the text has mistakes or is still empty. `failure`: a sentence for the person. */
export type PreviewAnswer = {
  mail: RenderedMail | null;
  problems: TemplateProblem[];
  /** What the texts say against the rules of their channel. */
  findings: Finding[];
  /** What the mail says against them only with this order's values. */
  mailFindings: Finding[];
  failure: string | null;
};

export type Preview = {
  mail: RenderedMail | null;
  /** The mail is of an earlier text, since this one has mistakes. */
  stale: boolean;
  problems: TemplateProblem[];
  findings: Finding[];
  mailFindings: Finding[];
  failure: string | null;
  busy: boolean;
};

const PAUSE_MS = 400;

/** The draft's mail and mistakes, asked for whenever typing pauses. */
export function usePreview(wish: PreviewWish): Preview {
  const { submit, data, state } = useFetcher<PreviewAnswer>();
  const body = JSON.stringify(wish);
  const [shown, setShown] = useState<{
    answer: PreviewAnswer;
    mail: RenderedMail | null;
    locale: string;
  } | null>(null);
  // Another language's mail must not stand in for this one's.
  const keeps = shown?.locale === wish.locale ? shown.mail : null;
  if (data && data !== shown?.answer)
    setShown({ answer: data, mail: data.mail ?? keeps, locale: wish.locale });

  useEffect(() => {
    const timer = setTimeout(
      () => submit(body, { method: "post", action: "/app/templates/preview", encType: "application/json" }),
      PAUSE_MS,
    );
    return () => clearTimeout(timer);
    // `submit` is another function at every render.
  }, [body]);

  return {
    mail: keeps,
    stale: data?.mail === null && keeps !== null,
    problems: data?.problems ?? [],
    findings: data?.findings ?? [],
    mailFindings: data?.mailFindings ?? [],
    failure: data?.failure ?? null,
    busy: state !== "idle",
  };
}
