import { Badge, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { Link } from "@remix-run/react";
import { standingOf, wantsReview, type TriggerStanding } from "#app/features/releases/releases.ts";
import { useWords } from "#app/ui/words/words.ts";
import { useMay } from "#app/ui/people/Allowed.tsx";

/** What of a trigger is live, and what is not. */
export function StandingBadges({ standing }: { standing: TriggerStanding }) {
  const words = useWords().releases.standing;
  const { live, inReview, changed } = standing;
  return (
    <InlineStack gap="100">
      {live ? <Badge tone="success">{words.live(live.number)}</Badge> : null}
      {inReview ? <Badge tone="info">{words.in_review}</Badge> : null}
      {live && changed && !inReview ? <Badge tone="attention">{words.changed}</Badge> : null}
      {live || inReview ? null : <Badge>{words.draft}</Badge>}
    </InlineStack>
  );
}

type StandingCardProps = {
  /** null: the trigger is not saved yet. */
  standing: TriggerStanding | null;
  /** There are edits that are not saved. */
  dirty: boolean;
  busy: boolean;
  onSubmit: () => void;
  onStop: () => void;
};

/** How a trigger stands, and the way to live and back. */
export function StandingCard({ standing, dirty, busy, onSubmit, onStop }: StandingCardProps) {
  const words = useWords().releases.card;
  const may = useMay();
  const kind = standing ? standingOf(standing) : "draft";
  const said = {
    draft: standing ? words.draft : words.fresh,
    in_review: words.inReview,
    live: words.live,
    changed: words.changed,
  }[kind];
  const review = standing?.live ? words.review : words.reviewFirst;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        {standing ? <StandingBadges standing={standing} /> : null}
        <Text as="p" tone="subdued">
          {said}
        </Text>
        {standing?.live && !standing.live.reviewed ? (
          <Text as="p" tone="subdued">
            {words.before}
          </Text>
        ) : null}
        {standing?.inReview ? (
          <Text as="p">
            <Link to={`/app/releases/${standing.inReview.id}`}>{words.open}</Link>
          </Text>
        ) : null}
        {standing && wantsReview(standing) ? (
          <Button
            fullWidth
            variant="primary"
            disabled={dirty || !may("submit")}
            loading={busy}
            onClick={onSubmit}
          >
            {review}
          </Button>
        ) : null}
        {standing && dirty ? (
          <Text as="p" tone="subdued">
            {words.saveFirst}
          </Text>
        ) : null}
        {standing?.live ? (
          <Button fullWidth tone="critical" onClick={onStop} disabled={busy || !may("approve")}>
            {words.stop}
          </Button>
        ) : null}
      </BlockStack>
    </Card>
  );
}
