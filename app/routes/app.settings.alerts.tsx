import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { BlockStack, Box, Button, Card, Form, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { alertWishSchema, type AlertWish } from "#app/features/messages/alerts.ts";
import {
  addRecipient,
  listRecipients,
  removeRecipient,
  savePaces,
} from "#app/features/messages/alerts.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { forShop } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseInput, parseJson, type FieldErrors } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import { RecipientCard } from "#app/ui/alerts/RecipientCard.tsx";
import { AppPage } from "#app/ui/AppPage.tsx";
import { Allowed } from "#app/ui/people/Allowed.tsx";
import { useToast } from "#app/ui/toast.ts";
import { useWords } from "#app/ui/words/words.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  return json({ recipients: await inShop((tx) => listRecipients(tx, shop)) });
}

type Answer = { done: AlertWish["intent"] | null; errors: FieldErrors };

export async function action({ request }: ActionFunctionArgs) {
  const { shop, actor } = await requireShop(request, "alerts");
  const input = await parseJson(request, alertWishSchema);
  if (!input.ok) return json<Answer>({ done: null, errors: input.errors }, { status: 422 });
  const wish = input.value;
  const now = systemClock();
  try {
    await forShop(shop.id, (tx) => {
      if (wish.intent === "add") return addRecipient(tx, shop.id, wish.address, actor, now);
      if (wish.intent === "remove") return removeRecipient(tx, shop.id, wish.id, actor);
      return savePaces(tx, shop.id, wish.id, wish.paces, actor, now);
    });
    return json<Answer>({ done: wish.intent, errors: {} });
  } catch (error) {
    if (!(error instanceof AppError) || !error.hasWords) throw error;
    return json<Answer>({ done: null, errors: { address: error.forPerson } }, { status: error.status });
  }
}

export default function Alerts() {
  const { recipients } = useLoaderData<typeof loader>();
  const words = useWords().alerts;
  const settings = useWords().settings;
  const fetcher = useFetcher<Answer>();
  const [address, setAddress] = useState("");
  const [fault, setFault] = useState<string>();
  const [answered, setAnswered] = useState(fetcher.data);
  if (fetcher.data !== answered) {
    setAnswered(fetcher.data);
    setFault(fetcher.data?.errors.address);
    if (fetcher.data?.done === "add") setAddress("");
  }
  const busy = fetcher.state !== "idle";
  const done = busy ? null : fetcher.data?.done;
  const told = { add: words.add.asked, paces: words.saved, remove: words.remove.done };
  useToast(fetcher.data, done ? told[done] : null);
  const send = (wish: AlertWish) => fetcher.submit(wish, { method: "post", encType: "application/json" });
  const add = () => {
    const checked = parseInput(alertWishSchema, { intent: "add", address });
    if (checked.ok) send(checked.value);
    else setFault(checked.errors.address);
  };
  return (
    <AppPage
      title={words.title}
      section={settings.title}
      narrowWidth
      backAction={{ content: settings.title, url: "/app/settings" }}
    >
      <BlockStack gap="400">
        <Box paddingInline={{ xs: "400", sm: "0" }}>
          <Text as="p" tone="subdued">
            {words.intro}
          </Text>
        </Box>
        <Allowed deed="alerts">
          <BlockStack gap="400">
            {recipients.map((recipient) => (
              <RecipientCard
                key={recipient.id ?? "contact"}
                recipient={recipient}
                busy={busy}
                onPaces={(paces) => send({ intent: "paces", id: recipient.id, paces })}
                onAgain={() => send({ intent: "add", address: recipient.address })}
                onRemove={() => recipient.id && send({ intent: "remove", id: recipient.id })}
              />
            ))}
            <Card>
              <Form onSubmit={add} noValidate>
                <BlockStack gap="300">
                  <Text as="h2" variant="headingMd">
                    {words.add.title}
                  </Text>
                  <TextField
                    label={words.add.label}
                    helpText={words.add.help}
                    type="email"
                    autoComplete="off"
                    value={address}
                    error={fault}
                    onChange={(value) => {
                      setAddress(value);
                      setFault(undefined);
                    }}
                    connectedRight={
                      <Button submit disabled={busy}>
                        {words.add.action}
                      </Button>
                    }
                  />
                </BlockStack>
              </Form>
            </Card>
          </BlockStack>
        </Allowed>
      </BlockStack>
    </AppPage>
  );
}
