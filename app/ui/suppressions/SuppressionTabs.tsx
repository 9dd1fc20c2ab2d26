import { useLocation, useNavigate } from "@remix-run/react";
import { Tabs } from "@shopify/polaris";
import { useWords } from "#app/ui/words/words.ts";

const PAGES = ["/app/suppressions", "/app/suppressions/unreached"] as const;

/** Who wants no messages, and who could not be reached. */
export function SuppressionTabs() {
  const words = useWords().suppressions.tabs;
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const tabs = PAGES.map((path) => ({ id: path, url: path, content: words[path] }));
  const selected = PAGES.findIndex((path) => path === pathname);
  return <Tabs tabs={tabs} selected={Math.max(0, selected)} onSelect={(index) => navigate(PAGES[index]!)} />;
}
