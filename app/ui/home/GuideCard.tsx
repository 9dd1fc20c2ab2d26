import { useFetcher } from "@remix-run/react";
import { Badge, BlockStack, Box, Button, Card, Icon, InlineStack, ProgressBar, Text } from "@shopify/polaris";
import { CheckCircleIcon, XIcon } from "@shopify/polaris-icons";
import type { Guide, GuideStep } from "#app/features/shops/guide.server.ts";
import { useWords } from "#app/ui/words/words.ts";

const places: Record<GuideStep, string> = {
  template: "/app/templates/new",
  trigger: "/app/triggers",
  sender: "/app/settings#sender",
  domain: "/app/settings/domain",
  sending: "#sending",
};

/** The way to the first message, step by step; the next step is open. */
export function GuideCard({ guide }: { guide: Guide }) {
  const words = useWords().home.guide;
  const fetcher = useFetcher();
  const next =
    guide.steps.find((step) => !step.done && !step.optional) ?? guide.steps.find((step) => !step.done);
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="300">
        <BlockStack gap="300">
          <InlineStack align="space-between" blockAlign="start" wrap={false} gap="200">
            <Text as="h2" variant="headingMd">
              {words.title}
            </Text>
            <Button
              variant="tertiary"
              icon={XIcon}
              accessibilityLabel={words.dismiss}
              loading={fetcher.state !== "idle"}
              onClick={() =>
                fetcher.submit(
                  { intent: "guide", dismissed: "true" },
                  { method: "post", action: "/app?index" },
                )
              }
            />
          </InlineStack>
          <InlineStack gap="300" blockAlign="center" wrap={false}>
            <Text as="span" variant="bodySm" tone="subdued" breakWord={false}>
              {guide.ready ? words.ready : words.progress(guide.done, guide.steps.length)}
            </Text>
            <Box width="120px">
              <ProgressBar
                size="small"
                tone="primary"
                progress={guide.ready ? 100 : (guide.done / guide.steps.length) * 100}
                ariaLabelledBy="guide-progress"
              />
            </Box>
          </InlineStack>
        </BlockStack>
      </Box>
      <Box as="ul" paddingInline="200" paddingBlockEnd="200">
        {guide.steps.map(({ step, done, optional }) => {
          const text = words.steps[step];
          const open = step === next?.step;
          return (
            <Box
              key={step}
              as="li"
              padding="200"
              borderRadius="200"
              background={open ? "bg-surface-secondary" : undefined}
            >
              <InlineStack gap="200" wrap={false} blockAlign="start">
                <span className="StepMark">
                  {done ? (
                    <Icon source={CheckCircleIcon} tone="success" />
                  ) : (
                    <span className="StepMark-Open" />
                  )}
                </span>
                <BlockStack gap="200" inlineAlign="start">
                  <InlineStack gap="200" blockAlign="center">
                    <Text as="h3" variant={open ? "headingSm" : "bodyMd"}>
                      {text.title}
                      <Text as="span" visuallyHidden>
                        {` (${done ? words.doneLabel : words.todoLabel})`}
                      </Text>
                    </Text>
                    {optional && !done ? <Badge>{words.optional}</Badge> : null}
                  </InlineStack>
                  {open ? (
                    <>
                      <Text as="p" tone="subdued">
                        {text.body}
                      </Text>
                      <StepAction step={step} label={text.action} primary />
                    </>
                  ) : done ? null : (
                    <StepAction step={step} label={text.action} />
                  )}
                </BlockStack>
              </InlineStack>
            </Box>
          );
        })}
      </Box>
    </Card>
  );
}

function StepAction({ step, label, primary }: { step: GuideStep; label: string; primary?: boolean }) {
  const variant = primary ? "primary" : "plain";
  const place = places[step];
  if (!place.startsWith("#")) {
    return (
      <Button variant={variant} url={place}>
        {label}
      </Button>
    );
  }
  return (
    <Button variant={variant} onClick={() => document.querySelector<HTMLElement>(place)?.focus()}>
      {label}
    </Button>
  );
}
