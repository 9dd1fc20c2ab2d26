import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import {
  isRouteErrorResponse,
  Link,
  Outlet,
  useLoaderData,
  useNavigation,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import { NavMenu } from "@shopify/app-bridge-react";
import { AppProvider as Polaris } from "@shopify/polaris";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import english from "@shopify/polaris/locales/en.json";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useEffect, type ReactNode } from "react";
import { env } from "#app/platform/env.ts";
import { requireShop } from "#app/session.server.ts";
import appStyles from "#app/ui/app.css?url";
import { ErrorPage } from "#app/ui/ErrorPage.tsx";
import { languageFor, useWords } from "#app/ui/words/words.ts";

export const links = () => [
  { rel: "stylesheet", href: polarisStyles },
  { rel: "stylesheet", href: appStyles },
];

export async function loader({ request }: LoaderFunctionArgs) {
  const { role } = await requireShop(request);
  return {
    role,
    apiKey: env().SHOPIFY_API_KEY,
    locale: languageFor(new URL(request.url).searchParams.get("locale")),
    supportEmail: env().SUPPORT_EMAIL,
  };
}

// Shopify tells the language in the first request alone.
export const shouldRevalidate = () => false;

function Shell({ apiKey, children }: { apiKey: string; children: ReactNode }) {
  const words = useWords().shell.nav;
  return (
    <AppProvider isEmbeddedApp apiKey={apiKey}>
      <NavMenu>
        <Link to="/app" rel="home">
          {words.home}
        </Link>
        <Link to="/app/triggers">{words.triggers}</Link>
        <Link to="/app/templates">{words.templates}</Link>
        <Link to="/app/messages">{words.messages}</Link>
        <Link to="/app/privacy">{words.privacy}</Link>
        <Link to="/app/settings">{words.settings}</Link>
        <Link to="/app/help">{words.help}</Link>
      </NavMenu>
      {children}
    </AppProvider>
  );
}

export default function App() {
  const { apiKey } = useLoaderData<typeof loader>();
  const busy = useNavigation().state === "loading";
  useEffect(() => {
    shopify.loading(busy);
  }, [busy]);
  return (
    <Shell apiKey={apiKey}>
      <Outlet />
    </Shell>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  const app = useRouteLoaderData<typeof loader>("routes/app");
  // Shopify's library answers some requests with a thrown page of its own, which must reach the browser as it is.
  if (isRouteErrorResponse(error) && typeof error.data === "string" && error.data.includes("<script")) {
    return boundary.error(error);
  }
  const page = <ErrorPage error={error} />;
  return app ? <Shell apiKey={app.apiKey}>{page}</Shell> : <Polaris i18n={english}>{page}</Polaris>;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
