import { Badge, Text } from "@shopify/polaris";
import type { Actor } from "#app/features/audit/audit.server.ts";
import { useWords } from "#app/ui/words/words.ts";

/** Who did something. Our own support stands out: the merchant should see at a glance when somebody else was in their store. */
export function Who({ actor, you }: { actor: Actor; you: string }) {
  const words = useWords().audit.who;
  if (actor.startsWith("staff:")) return <Badge tone="attention">{words.support}</Badge>;
  const name =
    actor === you
      ? words.you
      : actor.startsWith("user:")
        ? words.team(actor.slice("user:".length))
        : actor === "shopify"
          ? words.shopify
          : words.app;
  return <Text as="span">{name}</Text>;
}
