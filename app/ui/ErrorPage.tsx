import { isRouteErrorResponse } from "@remix-run/react";
import { Button, ButtonGroup, Card, BlockStack, Page, Text } from "@shopify/polaris";
import { AlertTriangleIcon, LockIcon, SearchIcon } from "@shopify/polaris-icons";
import { Icon } from "@shopify/polaris";
import type { Words } from "#app/ui/words/en.ts";
import { useWords } from "#app/ui/words/words.ts";

type Kind = keyof Words["shell"]["errors"];

const kinds: Record<number, Kind> = { 403: "forbidden", 404: "notFound", 410: "gone", 503: "unavailable" };
const icons: Partial<Record<Kind, typeof SearchIcon>> = {
  notFound: SearchIcon,
  gone: SearchIcon,
  forbidden: LockIcon,
};

/** What a person sees when a page can't be shown: what happened, what it means, what to do. */
export function ErrorPage({ error }: { error: unknown }) {
  const words = useWords().shell;
  const response = isRouteErrorResponse(error) ? error : null;
  const kind = (response && kinds[response.status]) ?? "ours";
  const { title, body, action } = words.errors[kind];
  const detail = (response?.data as { message?: unknown } | null)?.message;
  const again = kind === "ours" || kind === "unavailable";
  return (
    <Page narrowWidth>
      <Card>
        <BlockStack gap="400" inlineAlign="center">
          <Icon source={icons[kind] ?? AlertTriangleIcon} tone="subdued" />
          <Text as="h1" variant="headingLg" alignment="center">
            {title}
          </Text>
          <Text as="p" alignment="center">
            {typeof detail === "string" && !again ? detail : body}
          </Text>
          <ButtonGroup>
            {again ? (
              <Button variant="primary" onClick={() => window.location.reload()}>
                {action}
              </Button>
            ) : (
              <Button variant="primary" url="/app">
                {action}
              </Button>
            )}
            {again ? <Button url="/app/help">{words.actions.help}</Button> : null}
          </ButtonGroup>
        </BlockStack>
      </Card>
    </Page>
  );
}
