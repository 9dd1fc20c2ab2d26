// Guarantee: a step is done when the facts say so, never because somebody ticked it.
import type { Shop } from "#app/features/shops/shops.server.ts";
import type { Tx } from "#app/platform/db/db.ts";

export const GUIDE_STEPS = ["template", "trigger", "sender", "domain", "sending"] as const;
export type GuideStep = (typeof GUIDE_STEPS)[number];

/** The set-up guide. `domain` is optional: mails leave without it too. */
export type Guide = {
  steps: { step: GuideStep; done: boolean; optional: boolean }[];
  done: number;
  /** All that is needed is done. */
  ready: boolean;
  dismissed: boolean;
};

/** Reads how far the shop has come. */
export async function readGuide(tx: Tx, shop: Shop): Promise<Guide> {
  const shopId = shop.id;
  const template = await tx.template.findFirst({
    where: { shopId, NOT: { currentVersionId: null } },
    select: { id: true },
  });
  const live = await tx.release.findFirst({ where: { shopId, state: "live" }, select: { id: true } });
  const domain = await tx.sendingDomain.findFirst({
    where: { shopId, state: "verified" },
    select: { id: true },
  });
  const { sender, footer } = shop.settings;
  const facts: Record<GuideStep, boolean> = {
    template: template !== null,
    trigger: live !== null,
    sender: [sender.name, sender.replyTo, footer.legalName, footer.address].every((text) => text !== ""),
    domain: domain !== null,
    sending: shop.sending,
  };
  const steps = GUIDE_STEPS.map((step) => ({ step, done: facts[step], optional: step === "domain" }));
  return {
    steps,
    done: steps.filter((step) => step.done).length,
    ready: steps.every((step) => step.done || step.optional),
    dismissed: shop.guideDismissedAt !== null,
  };
}
