import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useRouteLoaderData } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { env } from "#app/platform/env.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { useWords } from "#app/ui/words/words.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  await requireShop(request);
  return { appUrl: env().SHOPIFY_APP_URL.replace(/\/$/, "") };
}

export default function Help() {
  const { appUrl } = useLoaderData<typeof loader>();
  const words = useWords().help;
  const email = useRouteLoaderData<{ supportEmail: string }>("routes/app")?.supportEmail;
  return (
    <AppPage title={words.title} narrowWidth>
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              {words.how.title}
            </Text>
            <ol className="Steps">
              {words.how.steps.map(([title, body]) => (
                <li key={title}>
                  <Text as="h3" variant="headingSm">
                    {title}
                  </Text>
                  <Text as="p" tone="subdued">
                    {body}
                  </Text>
                </li>
              ))}
            </ol>
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              {words.faq.title}
            </Text>
            <div>
              {words.faq.items.map(([question, answer]) => (
                <details key={question} className="Question">
                  <summary>{question}</summary>
                  <p>{answer}</p>
                </details>
              ))}
            </div>
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="300" inlineAlign="start">
            <Text as="h2" variant="headingMd">
              {words.contact.title}
            </Text>
            <Text as="p">{words.contact.body}</Text>
            {email ? (
              <>
                <Text as="p" fontWeight="semibold" breakWord>
                  {email}
                </Text>
                <Button url={`mailto:${email}`} external>
                  {words.contact.action}
                </Button>
              </>
            ) : null}
            <InlineStack gap="400">
              {(["privacy", "security"] as const).map((page) => (
                <Link key={page} url={`${appUrl}/${page}`} target="_blank">
                  {words.contact[page]}
                </Link>
              ))}
            </InlineStack>
          </BlockStack>
        </Card>
      </BlockStack>
    </AppPage>
  );
}
