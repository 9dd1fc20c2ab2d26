import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Badge } from "@shopify/polaris";
import { useState } from "react";
import { z } from "zod";
import {
  addDomain,
  findSendingDomain,
  lookAtDomain,
  removeDomain,
  saveLocalPart,
} from "#app/features/shops/domains.server.ts";
import { domainDraftSchema, isMailService } from "#app/features/shops/domains.ts";
import { systemClock } from "#app/platform/clock.ts";
import { env } from "#app/platform/env.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseForm } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { ConfirmModal } from "#app/ui/ConfirmModal.tsx";
import { AddDomain } from "#app/ui/settings/AddDomain.tsx";
import { stateTones } from "#app/ui/settings/DomainCard.tsx";
import { DomainDetail, type DomainAnswer } from "#app/ui/settings/DomainDetail.tsx";
import { useToast } from "#app/ui/toast.ts";
import { useWords } from "#app/ui/words/words.ts";
import { Allowed, useMay } from "#app/ui/people/Allowed.tsx";

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  const guess = shop.settings.sender.replyTo.split("@")[1] ?? "";
  return json({
    domain: await inShop((tx) => findSendingDomain(tx, shop.id)),
    guess: isMailService(guess) ? "" : guess,
    cap: env().MAIL_SHARED_DAILY_CAP,
    timeZone: shop.settings.timeZone,
  });
}

const intentSchema = z.discriminatedUnion("intent", [
  domainDraftSchema.extend({ intent: z.literal("add") }),
  domainDraftSchema.pick({ localPart: true }).extend({ intent: z.literal("address") }),
  z.object({ intent: z.literal("check") }),
  z.object({ intent: z.literal("look") }),
  z.object({ intent: z.literal("remove") }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request, "domains");
  const input = await parseForm(request, intentSchema);
  if (!input.ok)
    return json<DomainAnswer>({ ok: false, intent: null, errors: input.errors }, { status: 422 });
  const wish = input.value;
  try {
    if (wish.intent === "add")
      await addDomain(shop.id, { domain: wish.domain, localPart: wish.localPart }, actor);
    else if (wish.intent === "address")
      await inShop((tx) => saveLocalPart(tx, shop.id, wish.localPart, actor));
    else if (wish.intent === "remove") await removeDomain(shop.id, actor);
    else await lookAtDomain(shop.id, wish.intent === "check", actor, systemClock());
    return json<DomainAnswer>({ ok: true, intent: wish.intent });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const field = wish.intent === "add" && error.code !== "unavailable" ? "domain" : "";
    return json<DomainAnswer>(
      { ok: false, intent: wish.intent, errors: { [field]: error.forPerson } },
      { status: error.status },
    );
  }
}

export default function Domain() {
  const { domain, guess, cap, timeZone } = useLoaderData<typeof loader>();
  const words = useWords();
  const fetcher = useFetcher<typeof action>();
  const [asking, setAsking] = useState(false);
  const mayChange = useMay()("domains");
  const answer = fetcher.state === "idle" ? fetcher.data : undefined;
  const told = answer?.ok
    ? { add: words.domain.added, remove: words.domain.removed }[answer.intent]
    : answer?.errors[""];
  useToast(answer, told ?? null);
  return (
    <AppPage
      title={domain?.domain ?? words.domain.add.title}
      section={words.domain.title}
      backAction={{ content: words.settings.title, url: "/app/settings" }}
      titleMetadata={
        domain ? (
          <Badge tone={stateTones[domain.state]}>{words.domain.states[domain.state]}</Badge>
        ) : undefined
      }
      actions={
        domain ? (
          <button onClick={() => setAsking(true)} disabled={fetcher.state !== "idle" || !mayChange}>
            {words.domain.remove.action}
          </button>
        ) : null
      }
    >
      <Allowed deed="domains">
        {" "}
        {domain ? (
          <DomainDetail domain={domain} cap={cap} timeZone={timeZone} />
        ) : (
          <AddDomain
            guess={guess}
            cap={cap}
            busy={fetcher.state !== "idle"}
            refusals={answer && !answer.ok ? answer.errors : {}}
            add={(draft) => fetcher.submit({ intent: "add", ...draft }, { method: "post" })}
          />
        )}
      </Allowed>
      <ConfirmModal
        id="remove-domain"
        open={asking}
        title={words.domain.remove.title}
        body={words.domain.remove.body}
        confirm={words.domain.remove.confirm}
        critical
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          fetcher.submit({ intent: "remove" }, { method: "post" });
        }}
      />
    </AppPage>
  );
}
