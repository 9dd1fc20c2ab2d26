import { useLocation, useNavigate } from "@remix-run/react";
import { Tabs } from "@shopify/polaris";
import { useWords } from "#app/ui/words/words.ts";

const PAGES = ["/app/privacy", "/app/privacy/data", "/app/audit", "/app/trust"] as const;

/** The four pages about what we do with data, side by side: requests, what is held, who did what, and what is promised. */
export function PrivacyTabs() {
  const words = useWords().privacy.tabs;
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const tabs = PAGES.map((path) => ({ id: path, url: path, content: words[path] }));
  const selected = PAGES.findIndex((path) => path === pathname);
  return <Tabs tabs={tabs} selected={Math.max(0, selected)} onSelect={(index) => navigate(PAGES[index]!)} />;
}
