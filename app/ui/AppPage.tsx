import { TitleBar } from "@shopify/app-bridge-react";
import { Page, Text, type PageProps } from "@shopify/polaris";
import type { ReactNode } from "react";

type AppPageProps = Pick<
  PageProps,
  "narrowWidth" | "fullWidth" | "subtitle" | "titleMetadata" | "backAction"
> & {
  title: string;
  /** For a page of one thing: where the list of them is. The title then stands on the page itself. */
  section?: string;
  /** `<button>`s for Shopify's title bar; `variant="primary"` marks the main one. */
  actions?: ReactNode;
  children: ReactNode;
};

/** A page with Shopify's title bar above it and one heading for screen readers. */
export function AppPage({ title, section, actions, children, ...page }: AppPageProps) {
  return (
    <Page {...page} title={section ? title : undefined}>
      <TitleBar title={section ?? title}>{actions}</TitleBar>
      {section ? null : (
        <Text as="h1" variant="headingLg" visuallyHidden>
          {title}
        </Text>
      )}
      {children}
    </Page>
  );
}
