import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData, type ShouldRevalidateFunction } from "@remix-run/react";
import { BlockStack, InlineGrid } from "@shopify/polaris";
import { useMemo } from "react";
import { findSendingDomain } from "#app/features/shops/domains.server.ts";
import { shopSettingsSchema } from "#app/features/shops/settings.ts";
import { saveSettings } from "#app/features/shops/shops.server.ts";
import { env } from "#app/platform/env.ts";
import { parseInput, parseJson } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { DomainCard } from "#app/ui/settings/DomainCard.tsx";
import { formOf, settingsOf } from "#app/ui/settings/form.ts";
import { MailPreview } from "#app/ui/settings/MailPreview.tsx";
import { SettingsForm } from "#app/ui/settings/SettingsForm.tsx";
import { useSaveable } from "#app/ui/triggers/useSaveable.ts";
import { UnsavedChanges } from "#app/ui/UnsavedChanges.tsx";
import { useWords } from "#app/ui/words/words.ts";
import { WayCard } from "#app/ui/settings/WayCard.tsx";
import { Allowed } from "#app/ui/people/Allowed.tsx";

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  const domain = await inShop((tx) => findSendingDomain(tx, shop.id));
  return json({
    settings: shop.settings,
    domain: domain && { domain: domain.domain, localPart: domain.localPart, state: domain.state },
    cap: env().MAIL_SHARED_DAILY_CAP,
    // The server's list: a browser's may differ.
    timeZones: [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone"), shop.settings.timeZone])],
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const { must, shop, actor, inShop } = await requireShop(request, "edit");
  const input = await parseJson(request, shopSettingsSchema);
  if (!input.ok) return json({ ok: false as const, errors: input.errors }, { status: 422 });
  // How many people a release takes is not for those to choose who write it.
  if (input.value.review !== shop.settings.review) must("people");
  await inShop((tx) => saveSettings(tx, shop.id, input.value, actor));
  return json({ ok: true as const, saved: Date.now() });
}

// Drawing a preview changes nothing.
export const shouldRevalidate: ShouldRevalidateFunction = ({ formAction, defaultShouldRevalidate }) =>
  formAction === "/app/settings/preview" ? false : defaultShouldRevalidate;

export default function Settings() {
  const { settings, domain, cap, timeZones } = useLoaderData<typeof loader>();
  const more = useWords();
  const words = more.settings;
  const fetcher = useFetcher<typeof action>();
  const stored = useMemo(() => formOf(settings), [settings]);
  const saveable = useSaveable({
    stored,
    fetcher,
    check: (form) => {
      const checked = parseInput(shopSettingsSchema, settingsOf(form));
      return checked.ok ? {} : checked.errors;
    },
    submit: (form) => fetcher.submit(settingsOf(form), { method: "post", encType: "application/json" }),
    onSaved: () => shopify.toast.show(words.saved),
    leavesWhenSaved: false,
  });
  const { form, errors, change, dirty, busy, save, discard } = saveable;
  return (
    <AppPage title={words.title}>
      <UnsavedChanges id="settings" dirty={dirty} saving={busy} onSave={save} onDiscard={discard} />
      <InlineGrid columns={{ xs: 1, md: ["twoThirds", "oneThird"] }} gap="400">
        <BlockStack gap="400">
          <DomainCard domain={domain} cap={cap} />
          <WayCard words={more.people.card} url="/app/settings/people" />
          <WayCard words={more.alerts.card} url="/app/settings/alerts" />
          <Allowed deed="edit">
            <SettingsForm form={form} errors={errors} change={change} timeZones={timeZones} save={save} />
          </Allowed>
        </BlockStack>
        <MailPreview form={form} />
      </InlineGrid>
    </AppPage>
  );
}
