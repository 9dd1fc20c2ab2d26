import type { LoaderFunctionArgs } from "@remix-run/node";
import { useRouteLoaderData } from "@remix-run/react";
import { BlockStack, Button, Card, Text } from "@shopify/polaris";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { useWords } from "#app/ui/words/words.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  await requireShop(request);
  return null;
}

export default function Help() {
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
          </BlockStack>
        </Card>
      </BlockStack>
    </AppPage>
  );
}
