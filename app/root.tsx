import { Links, Meta, Outlet, Scripts, useLocation, useMatches, useRouteLoaderData } from "@remix-run/react";
import { useEffect } from "react";

export default function Root() {
  const app = useRouteLoaderData<{ locale?: string }>("routes/app");
  // A page whose handle says `plain` runs no scripts.
  const plain = useMatches().find(({ handle }) => (handle as { plain?: boolean } | undefined)?.plain);
  const language = (plain?.data as { language?: string } | undefined)?.language;
  const { pathname } = useLocation();
  // Remix's ScrollRestoration reads sessionStorage, which a browser may refuse to a page inside another site's frame.
  useEffect(() => {
    // Returns a promise in newer browsers, which React would take for a clean-up.
    window.scrollTo(0, 0);
  }, [pathname]);
  return (
    <html lang={language ?? app?.locale ?? "en"}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <Meta />
        <Links />
      </head>
      <body>
        <Outlet />
        {plain ? null : <Scripts />}
      </body>
    </html>
  );
}
