import { BlockStack, Card, Text } from "@shopify/polaris";
import type { Actor } from "#app/features/audit/audit.server.ts";
import type { Review } from "#app/features/releases/releases.ts";
import { Who } from "#app/ui/audit/Who.tsx";
import { FactList } from "#app/ui/FactList.tsx";
import { When } from "#app/ui/When.tsx";
import { useWords } from "#app/ui/words/words.ts";

type ReviewRecordProps = {
  release: {
    submittedAt: string;
    submittedBy: Actor;
    reviewedAt: string | null;
    reviewedBy: Actor | null;
    review: Review | null;
    hash: string;
  };
  you: string;
  timeZone: string;
};

/** Who submitted a release, who answered, and what. */
export function ReviewRecord({ release, you, timeZone }: ReviewRecordProps) {
  const words = useWords().releases.review;
  const { submittedAt, submittedBy, reviewedAt, reviewedBy, review, hash } = release;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {words.recorded}
        </Text>
        <FactList
          facts={[
            [words.submittedAt, <When key="at" at={submittedAt} timeZone={timeZone} />],
            [words.submittedBy, <Who key="by" actor={submittedBy} you={you} />],
            reviewedAt ? [words.when, <When key="when" at={reviewedAt} timeZone={timeZone} />] : null,
            reviewedBy ? [words.by, <Who key="who" actor={reviewedBy} you={you} />] : null,
            review?.answers ? [words.answers, words.allYes] : null,
            review?.waiting ? [words.choice, words.choices[review.waiting]] : null,
            review?.answers
              ? [words.included, review.includePaid ? words.includedYes : words.includedNo]
              : null,
            review?.overruled.length
              ? [
                  words.overruled,
                  <span key="overruled" className="Break">
                    {review.overruled.map(({ ruleId, reason }) => `${ruleId}: ${reason}`).join("; ")}
                  </span>,
                ]
              : null,
            review?.note
              ? [
                  words.note,
                  <span key="note" className="Break">
                    {review.note}
                  </span>,
                ]
              : null,
            [
              words.hash,
              <span key="hash" className="Break">
                {hash}
              </span>,
            ],
          ]}
        />
      </BlockStack>
    </Card>
  );
}
