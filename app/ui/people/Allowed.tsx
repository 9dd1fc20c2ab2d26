import { useRouteLoaderData } from "@remix-run/react";
import { BlockStack, Icon, InlineStack, Text } from "@shopify/polaris";
import { LockIcon } from "@shopify/polaris-icons";
import type { ReactNode } from "react";
import { leastRole, may, type Deed, type Role } from "#app/features/shops/roles.ts";
import { useWords } from "#app/ui/words/words.ts";

/** Whether whoever looks at the page may do something; the server asks again. */
export function useMay(): (deed: Deed) => boolean {
  const role = useRouteLoaderData<{ role: Role }>("routes/app")?.role ?? "viewer";
  return (deed) => may(role, deed);
}

/** What only some may use: to others its buttons and fields are dead, and it says whom to ask. */
export function Allowed({ deed, children }: { deed: Deed; children: ReactNode }) {
  const words = useWords().people.ask;
  if (useMay()(deed)) return children;
  return (
    <BlockStack gap="200">
      <InlineStack gap="100" wrap={false} blockAlign="start">
        <span>
          <Icon source={LockIcon} tone="subdued" />
        </span>
        <Text as="p" tone="subdued">
          {words[leastRole(deed)]}
        </Text>
      </InlineStack>
      {/* Reaches every field and button in it, however deep. */}
      <fieldset className="Locked" disabled>
        {children}
      </fieldset>
    </BlockStack>
  );
}
