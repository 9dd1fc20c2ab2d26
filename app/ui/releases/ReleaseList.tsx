import { Badge, BlockStack, Button, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { useState } from "react";
import type { Actor } from "#app/features/audit/audit.server.ts";
import type { ReleaseState } from "#app/features/releases/releases.ts";
import { Who } from "#app/ui/audit/Who.tsx";
import { When } from "#app/ui/When.tsx";
import { useWords } from "#app/ui/words/words.ts";
import { useMay } from "#app/ui/people/Allowed.tsx";

export type ListedRelease = {
  id: string;
  number: number;
  state: ReleaseState;
  /** The last that happened to it, and by whom. */
  at: string;
  by: Actor;
  reviewed: boolean;
  /** It can be gone back to: it was approved, and says something else than what is live. */
  earlier: boolean;
  rolledBackFrom: number | null;
};

export const tones = {
  in_review: "info",
  live: "success",
  superseded: undefined,
  withdrawn: undefined,
  returned: "attention",
} as const satisfies Record<ReleaseState, string | undefined>;

type ReleaseListProps = {
  releases: ListedRelease[];
  you: string;
  timeZone: string;
  onRollBack: (release: ListedRelease) => void;
};

const SHOWN = 5;

/** A trigger's releases, the newest first, with the way back to each that was approved. */
export function ReleaseList({ releases, you, timeZone, onRollBack }: ReleaseListProps) {
  const words = useWords().releases;
  const [all, setAll] = useState(false);
  const mayRollBack = useMay()("approve");
  if (releases.length === 0) return null;
  const shown = all ? releases : releases.slice(0, SHOWN);
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {words.list.title}
          </Text>
          <Text as="p" tone="subdued">
            {words.list.help}
          </Text>
        </BlockStack>
        <ul className="Releases">
          {shown.map((release) => {
            const { id, number, state, at, by, reviewed, earlier, rolledBackFrom } = release;
            const done =
              state === "returned"
                ? words.list.returned
                : reviewed
                  ? words.list.approved
                  : words.list.submitted;
            return (
              <li key={id}>
                <BlockStack gap="100">
                  <InlineStack gap="200" blockAlign="center">
                    <Link url={`/app/releases/${id}`} dataPrimaryLink>
                      {words.name(number)}
                    </Link>
                    <Badge tone={tones[state]}>{words.states[state]}</Badge>
                  </InlineStack>
                  <Text as="p" tone="subdued">
                    {done} <When at={at} timeZone={timeZone} /> · <Who actor={by} you={you} />
                  </Text>
                  {state === "live" && !reviewed ? (
                    <Text as="p" tone="subdued">
                      {words.list.unreviewed}
                    </Text>
                  ) : null}
                  {rolledBackFrom !== null ? (
                    <Text as="p" tone="subdued">
                      {words.list.rolledBack(rolledBackFrom)}
                    </Text>
                  ) : null}
                </BlockStack>
                {earlier ? (
                  <Button
                    size="slim"
                    disabled={!mayRollBack}
                    accessibilityLabel={words.list.rollBackTo(number)}
                    onClick={() => onRollBack(release)}
                  >
                    {words.list.rollBack}
                  </Button>
                ) : null}
              </li>
            );
          })}
        </ul>
        {shown.length < releases.length ? (
          <InlineStack>
            <Button variant="plain" onClick={() => setAll(true)}>
              {words.list.more(releases.length - shown.length)}
            </Button>
          </InlineStack>
        ) : null}
      </BlockStack>
    </Card>
  );
}
