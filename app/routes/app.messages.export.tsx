import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack } from "@shopify/polaris";
import { DateTime } from "luxon";
import { checkProof } from "#app/features/messages/ledger.server.ts";
import { proofSchema } from "#app/features/messages/ledger.ts";
import { systemClock } from "#app/platform/clock.ts";
import { parseSmallForm } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { LedgerCheckCard, LedgerExportCard, type ProofAnswer } from "#app/ui/messages/LedgerCards.tsx";
import { Allowed } from "#app/ui/people/Allowed.tsx";
import { useWords } from "#app/ui/words/words.ts";

/** Begins with the month so far. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await requireShop(request);
  const today = DateTime.fromJSDate(systemClock(), { zone: shop.settings.timeZone });
  return json({ from: today.startOf("month").toISODate() ?? "", to: today.toISODate() ?? "" });
}

export async function action({ request }: ActionFunctionArgs) {
  const { shop, inShop } = await requireShop(request, "view");
  const input = await parseSmallForm(request, proofSchema);
  if (!input.ok) return json<ProofAnswer>({ ok: false, errors: input.errors }, { status: 422 });
  const verdict = await inShop((tx) => checkProof(tx, shop.id, input.value.proof));
  return json<ProofAnswer>({ ok: true, verdict });
}

export default function Export() {
  const { from, to } = useLoaderData<typeof loader>();
  const { ledger, messages } = useWords();
  return (
    <AppPage title={ledger.title} narrowWidth backAction={{ url: "/app/messages", content: messages.title }}>
      <BlockStack gap="400">
        <Allowed deed="evidence">
          <LedgerExportCard from={from} to={to} />
        </Allowed>
        <LedgerCheckCard />
      </BlockStack>
    </AppPage>
  );
}
