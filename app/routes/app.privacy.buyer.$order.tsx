import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { BlockStack, Layout } from "@shopify/polaris";
import { useState } from "react";
import { z } from "zod";
import type { Correction } from "#app/features/orders/buyer.ts";
import { getBuyer } from "#app/features/privacy/buyers.list.server.ts";
import { startRequest } from "#app/features/privacy/buyers.server.ts";
import { correctionForm, type CorrectionForm } from "#app/features/privacy/requests.ts";
import { systemClock } from "#app/platform/clock.ts";
import { parseForm, type FieldErrors } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { ConfirmModal } from "#app/ui/ConfirmModal.tsx";
import { CopyCard, CorrectCard, EraseCard, OrdersCard, PersonCard } from "#app/ui/privacy/BuyerCards.tsx";
import { useWords, wordsFor } from "#app/ui/words/words.ts";
import { Allowed } from "#app/ui/people/Allowed.tsx";

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  const { buyer, person, orders } = await inShop((tx) => getBuyer(tx, shop.id, params.order ?? ""));
  return json({ person, customerId: buyer.customerId, orders, timeZone: shop.settings.timeZone });
}

const intentSchema = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("copy") }),
  z.object({ intent: z.literal("erase") }),
  correctionForm.extend({ intent: z.literal("correct") }),
]);
const DEEDS = { copy: "export", erase: "erase", correct: "export" } as const;
const kinds = { copy: "merchant/export", erase: "merchant/erasure", correct: "merchant/correction" } as const;

export async function action({ request, params }: ActionFunctionArgs) {
  const { must, shop, actor, inShop, redirect } = await requireShop(request, "view");
  const input = await parseForm(request, intentSchema);
  if (!input.ok) return json({ errors: input.errors }, { status: 422 });
  const wish = input.value;
  must(DEEDS[wish.intent]);
  const started = await inShop(async (tx) => {
    const { buyer, person } = await getBuyer(tx, shop.id, params.order ?? "");
    const correction = wish.intent === "correct" ? changesOf(person, wish) : undefined;
    if (correction && Object.keys(correction).length === 0) return null;
    return startRequest(tx, shop, kinds[wish.intent], { buyer, correction }, actor, systemClock());
  });
  if (started) return redirect(`/app/privacy/${started}`);
  const errors: FieldErrors = { firstName: wordsFor("en").privacy.buyer.correct.same };
  return json({ errors }, { status: 422 });
}

type Details = { email: string | null; firstName: string | null; lastName: string | null };

/** The fields that differ; an empty one means there is no such value. */
function changesOf(person: Details, form: CorrectionForm): Correction {
  const fields = ["email", "firstName", "lastName"] as const;
  return Object.fromEntries(
    fields
      .filter((field) => (form[field] || null) !== person[field])
      .map((field) => [field, form[field] || null]),
  );
}

export default function Buyer() {
  const { person, customerId, orders, timeZone } = useLoaderData<typeof loader>();
  const words = useWords().privacy;
  const fetcher = useFetcher<typeof action>();
  const [asking, setAsking] = useState(false);
  const doing = fetcher.state === "idle" ? null : fetcher.formData?.get("intent");
  const name = [person.firstName, person.lastName].filter(Boolean).join(" ");
  const waiting = orders.reduce((sum, order) => sum + order.waiting, 0);
  const refusals = fetcher.data && "errors" in fetcher.data ? fetcher.data.errors : {};
  return (
    <AppPage
      title={name || words.buyer.noName}
      section={words.title}
      backAction={{ content: words.title, url: "/app/privacy" }}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <OrdersCard orders={orders} timeZone={timeZone} />
            <Allowed deed="export">
              <CorrectCard
                person={person}
                orders={orders.length}
                refusals={refusals}
                busy={doing === "correct"}
                save={(form) => fetcher.submit({ intent: "correct", ...form }, { method: "post" })}
              />
            </Allowed>
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <PersonCard email={person.email} customerId={customerId} />
            <Allowed deed="erase">
              <BlockStack gap="400">
                <CopyCard
                  busy={doing === "copy"}
                  start={() => fetcher.submit({ intent: "copy" }, { method: "post" })}
                />
                <EraseCard busy={doing === "erase"} ask={() => setAsking(true)} />
              </BlockStack>
            </Allowed>
          </BlockStack>
        </Layout.Section>
      </Layout>
      <ConfirmModal
        id="erase-buyer"
        open={asking}
        title={words.buyer.erase.question}
        body={words.buyer.erase.consequences(orders.length, waiting)}
        confirm={words.buyer.erase.confirm}
        critical
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          fetcher.submit({ intent: "erase" }, { method: "post" });
        }}
      />
    </AppPage>
  );
}
