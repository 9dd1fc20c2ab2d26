import {
  BlockStack,
  Box,
  Button,
  Card,
  Form,
  FormLayout,
  InlineStack,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState, type ReactNode } from "react";
import { correctionForm, type CorrectionForm } from "#app/features/privacy/requests.ts";
import { parseInput, type FieldErrors } from "#app/platform/forms.ts";
import { FactList } from "#app/ui/FactList.tsx";
import { formatDate } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

/** A card with a heading, a sentence and what can be done. */
function ActionCard({ title, body, children }: { title: string; body: string; children: ReactNode }) {
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          <Text as="p" tone="subdued">
            {body}
          </Text>
        </BlockStack>
        {children}
      </BlockStack>
    </Card>
  );
}

export function PersonCard({ email, customerId }: { email: string | null; customerId: string | null }) {
  const words = useWords().privacy.buyer;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        <FactList
          facts={[[words.email, email ?? words.noEmail], customerId ? [words.customerId, customerId] : null]}
        />
      </BlockStack>
    </Card>
  );
}

type OrdersCardProps = {
  orders: { id: string; name: string; placedAt: string | null; waiting: number; messages: number }[];
  timeZone: string;
};

export function OrdersCard({ orders, timeZone }: OrdersCardProps) {
  const words = useWords().privacy.buyer.orders;
  const locale = useLanguage();
  return (
    <Card padding="0">
      <BlockStack>
        <Box padding="400" paddingBlockEnd="0">
          <Text as="h2" variant="headingMd">
            {words.title}
          </Text>
        </Box>
        <ul className="Rows">
          {orders.map((order) => (
            <li key={order.id}>
              <InlineStack align="space-between" gap="200" wrap={false}>
                <BlockStack>
                  <Text as="span" fontWeight="semibold">
                    {order.name || "–"}
                  </Text>
                  {order.placedAt ? (
                    <Text as="span" tone="subdued" variant="bodySm">
                      {words.placed} {formatDate(order.placedAt, { locale, timeZone })}
                    </Text>
                  ) : null}
                </BlockStack>
                <Text as="span" tone="subdued">
                  {[words.messages(order.messages), order.waiting > 0 && words.waiting(order.waiting)]
                    .filter(Boolean)
                    .join(", ")}
                </Text>
              </InlineStack>
            </li>
          ))}
        </ul>
      </BlockStack>
    </Card>
  );
}

export function CopyCard({ busy, start }: { busy: boolean; start: () => void }) {
  const words = useWords().privacy.buyer.copy;
  return (
    <ActionCard title={words.title} body={words.body}>
      <InlineStack>
        <Button loading={busy} onClick={start}>
          {words.action}
        </Button>
      </InlineStack>
    </ActionCard>
  );
}

export function EraseCard({ busy, ask }: { busy: boolean; ask: () => void }) {
  const words = useWords().privacy.buyer.erase;
  return (
    <ActionCard title={words.title} body={words.body}>
      <InlineStack>
        <Button tone="critical" loading={busy} onClick={ask}>
          {words.action}
        </Button>
      </InlineStack>
    </ActionCard>
  );
}

type CorrectCardProps = {
  person: { email: string | null; firstName: string | null; lastName: string | null };
  orders: number;
  refusals: FieldErrors;
  busy: boolean;
  save: (form: CorrectionForm) => void;
};

export function CorrectCard({ person, orders, refusals, busy, save }: CorrectCardProps) {
  const words = useWords().privacy.buyer.correct;
  const held: CorrectionForm = {
    email: person.email ?? "",
    firstName: person.firstName ?? "",
    lastName: person.lastName ?? "",
  };
  const [form, setForm] = useState(held);
  const [faults, setFaults] = useState<FieldErrors>({});
  const [answered, setAnswered] = useState(refusals);
  // What the server refused stays beside its field until the field is changed.
  if (refusals !== answered) {
    setAnswered(refusals);
    setFaults(refusals);
  }
  const field = (name: keyof CorrectionForm, autoComplete: string) => ({
    label: words[name],
    autoComplete,
    value: form[name],
    error: faults[name],
    onChange: (value: string) => {
      setForm({ ...form, [name]: value });
      setFaults({});
    },
  });
  const submit = () => {
    const checked = parseInput(correctionForm, form);
    if (!checked.ok) return setFaults(checked.errors);
    const same = (Object.keys(held) as (keyof CorrectionForm)[]).every(
      (name) => checked.value[name] === held[name],
    );
    if (same) return setFaults({ firstName: words.same });
    save(checked.value);
  };
  return (
    <ActionCard title={words.title} body={words.body(orders)}>
      <Form onSubmit={submit} noValidate>
        <FormLayout>
          <FormLayout.Group>
            <TextField {...field("firstName", "off")} />
            <TextField {...field("lastName", "off")} />
          </FormLayout.Group>
          <TextField {...field("email", "off")} inputMode="email" spellCheck={false} />
          <Button submit loading={busy}>
            {words.action}
          </Button>
        </FormLayout>
      </Form>
    </ActionCard>
  );
}
