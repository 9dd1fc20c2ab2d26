import { Badge, BlockStack, Button, InlineStack, Select, Text } from "@shopify/polaris";
import type { Member } from "#app/features/shops/members.server.ts";
import { ROLES, type Role } from "#app/features/shops/roles.ts";
import { formatDate } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

type PersonRowProps = {
  person: Member;
  you: boolean;
  /** Nobody else is an owner. */
  lastOwner: boolean;
  /** The role that is being saved. */
  saving: Role | null;
  busy: boolean;
  onRole: (role: Role) => void;
  onRemove: () => void;
};

/** What a person is called, also where Shopify has not told. */
export function useNameOf(): (person: Pick<Member, "name" | "userId">) => string {
  const words = useWords().people;
  return ({ name, userId }) => name || words.unnamed(userId);
}

/** Somebody of the staff: what they may do, and when they were last here. */
export function PersonRow({ person, you, lastOwner, saving, busy, onRole, onRemove }: PersonRowProps) {
  const words = useWords().people;
  const locale = useLanguage();
  const name = useNameOf()(person);
  const fixed = person.accountOwner ? words.accountOwner : lastOwner ? words.lastOwner : null;
  return (
    <InlineStack align="space-between" blockAlign="center" gap="300">
      <BlockStack gap="100">
        <InlineStack align="start" gap="200" blockAlign="center">
          <Text as="h2" variant="headingSm" breakWord>
            {name}
          </Text>
          {you ? <Badge tone="info">{words.you}</Badge> : null}
        </InlineStack>
        <Text as="p" variant="bodySm" tone="subdued">
          {words.seen(formatDate(person.seenOn, { locale, timeZone: "UTC" }))}
        </Text>
        {fixed ? (
          <Text as="p" variant="bodySm" tone="subdued">
            {fixed}
          </Text>
        ) : null}
      </BlockStack>
      <InlineStack gap="200" blockAlign="center">
        <Select
          label={words.role(name)}
          labelHidden
          options={ROLES.map((value) => ({ value, label: words.roles[value] }))}
          value={saving ?? person.role}
          disabled={busy || fixed !== null}
          onChange={(role) => onRole(role as Role)}
        />
        <Button
          tone="critical"
          variant="tertiary"
          accessibilityLabel={words.remove.label(name)}
          disabled={busy || fixed !== null}
          onClick={onRemove}
        >
          {words.remove.action}
        </Button>
      </InlineStack>
    </InlineStack>
  );
}
