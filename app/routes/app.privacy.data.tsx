import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData, type ShouldRevalidateFunction } from "@remix-run/react";
import { BlockStack, Box, Text } from "@shopify/polaris";
import { useMemo, useState } from "react";
import { readBackupHealth } from "#app/features/privacy/backup.server.ts";
import { countOrdersByMonth, readHoldings, readNeeds } from "#app/features/privacy/holdings.server.ts";
import { listReceipts } from "#app/features/privacy/receipts.server.ts";
import { retentionSchema, type Retention } from "#app/features/privacy/retention.ts";
import { readRetention, saveRetention } from "#app/features/privacy/retention.server.ts";
import { readLastSweep } from "#app/features/privacy/sweep.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { env } from "#app/platform/env.ts";
import { parseInput, parseJson } from "#app/platform/forms.ts";
import { answering, requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { ConfirmModal } from "#app/ui/ConfirmModal.tsx";
import { fieldsOf, isShorter, retentionOfFields } from "#app/ui/holdings/form.ts";
import { KindList } from "#app/ui/holdings/KindList.tsx";
import { MonthBars } from "#app/ui/holdings/MonthBars.tsx";
import { NeedsCard } from "#app/ui/holdings/NeedsCard.tsx";
import { RetentionForm } from "#app/ui/holdings/RetentionForm.tsx";
import { StorageCard } from "#app/ui/holdings/StorageCard.tsx";
import { SweepCard } from "#app/ui/holdings/SweepCard.tsx";
import { PrivacyTabs } from "#app/ui/privacy/PrivacyTabs.tsx";
import { useSaveable } from "#app/ui/triggers/useSaveable.ts";
import { UnsavedChanges } from "#app/ui/UnsavedChanges.tsx";
import { useWords } from "#app/ui/words/words.ts";
import { Allowed } from "#app/ui/people/Allowed.tsx";

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  const { timeZone } = shop.settings;
  const lastSweep = await answering(readLastSweep);
  return inShop(async (tx) => {
    const { configured, keepDays, keysKeepDays, last, lastDrill } = await readBackupHealth(tx);
    return json({
      timeZone,
      retention: await readRetention(tx, shop.id),
      holdings: await readHoldings(tx, shop),
      months: await countOrdersByMonth(tx, shop.id, timeZone, systemClock()),
      needs: await readNeeds(tx, shop.id),
      lastSweep: lastSweep?.toISOString() ?? null,
      receipts: await listReceipts(tx, shop.id, ["retention_sweep"], 10),
      storage: {
        region: env().DATA_REGION ?? null,
        backups: configured
          ? {
              keepDays,
              keysKeepDays,
              last: last?.at.toISOString() ?? null,
              lastDrill: lastDrill?.toISOString() ?? null,
            }
          : null,
      },
    });
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request, "retention");
  const input = await parseJson(request, retentionSchema);
  if (!input.ok) return json({ ok: false as const, errors: input.errors }, { status: 422 });
  await inShop((tx) => saveRetention(tx, shop.id, input.value, actor));
  return json({ ok: true as const, saved: Date.now() });
}

// To count what a choice would erase changes nothing.
export const shouldRevalidate: ShouldRevalidateFunction = ({ formAction, defaultShouldRevalidate }) =>
  formAction === "/app/privacy/expiring" ? false : defaultShouldRevalidate;

export default function WhatWeHold() {
  const { timeZone, retention, holdings, months, needs, lastSweep, receipts, storage } =
    useLoaderData<typeof loader>();
  const words = useWords().holdings;
  const fetcher = useFetcher<typeof action>();
  const stored = useMemo(() => fieldsOf(retention), [retention]);
  const submit = (choice: Retention) =>
    fetcher.submit(choice, { method: "post", encType: "application/json" });
  const question = useShorterQuestion(submit);
  const saveable = useSaveable({
    stored,
    fetcher,
    check: (form) => {
      const checked = parseInput(retentionSchema, retentionOfFields(form));
      return checked.ok ? {} : checked.errors;
    },
    submit: (form) => {
      const choice = retentionOfFields(form);
      if (isShorter(choice, retention)) question.ask(choice);
      else submit(choice);
    },
    onSaved: () => shopify.toast.show(words.form.saved),
    leavesWhenSaved: false,
  });
  const { form, errors, change, dirty, busy, save, discard } = saveable;
  const list = (personal: boolean) => holdings.filter((holding) => holding.personal === personal);
  return (
    <AppPage title={words.title}>
      <UnsavedChanges
        id="retention"
        dirty={dirty}
        saving={busy || question.busy}
        onSave={save}
        onDiscard={discard}
      />
      <BlockStack gap="400">
        <PrivacyTabs />
        <Box paddingInline={{ xs: "400", sm: "0" }}>
          <Text as="p" tone="subdued">
            {words.intro}
          </Text>
        </Box>
        <KindList title={words.people} holdings={list(true)} retention={retention} timeZone={timeZone} />
        <KindList title={words.things} holdings={list(false)} retention={retention} timeZone={timeZone} />
        <MonthBars months={months} />
        <Allowed deed="retention">
          <RetentionForm form={form} errors={errors} change={change} save={save} />
        </Allowed>
        <SweepCard last={lastSweep} receipts={receipts} timeZone={timeZone} />
        <NeedsCard needs={needs} />
        <StorageCard storage={storage} timeZone={timeZone} />
      </BlockStack>
      {question.modal}
    </AppPage>
  );
}

/** Before a time is shortened: how much that erases. */
function useShorterQuestion(onConfirm: (choice: Retention) => void) {
  const words = useWords().holdings.form;
  const counting = useFetcher<{ expiring: Parameters<typeof words.expiring>[0] | null }>();
  const [asked, setAsked] = useState<Retention | null>(null);
  const expiring = counting.state === "idle" ? counting.data?.expiring : undefined;
  const what = expiring ? words.expiring(expiring) : "";
  const { title, erases, nothing, failed, action, save } = words.confirm;
  return {
    busy: counting.state !== "idle",
    ask(choice: Retention) {
      setAsked(choice);
      void counting.submit(choice, {
        method: "post",
        action: "/app/privacy/expiring",
        encType: "application/json",
      });
    },
    modal: (
      <ConfirmModal
        id="shorter-question"
        open={asked !== null && expiring !== undefined}
        title={title}
        body={expiring === null ? failed : what ? erases(what) : nothing}
        confirm={what ? action : save}
        critical={what !== ""}
        onClose={() => setAsked(null)}
        onConfirm={() => {
          setAsked(null);
          if (asked && expiring) onConfirm(asked);
        }}
      />
    ),
  };
}
