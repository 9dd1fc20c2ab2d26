import { redirect, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { env } from "#app/platform/env.ts";
import landingStyles from "#app/ui/landing.css?url";
import { PublicLinks } from "#app/ui/public/PublicPage.tsx";
import { en } from "#app/ui/words/en.ts";

export const links = () => [{ rel: "stylesheet", href: landingStyles }];
export const meta: MetaFunction = () => [
  { title: en.landing.title },
  { name: "description", content: en.landing.lead },
];

/** The public page. Whoever comes from Shopify is led into the app; nobody is asked for a shop's address. */
export function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  if (searchParams.has("shop")) throw redirect(`/app?${searchParams.toString()}`);
  return {
    storeUrl: `https://apps.shopify.com/${env().SHOPIFY_APP_HANDLE}`,
    supportEmail: env().SUPPORT_EMAIL,
  };
}

export default function Landing() {
  const { storeUrl, supportEmail } = useLoaderData<typeof loader>();
  const words = en.landing;
  return (
    <main>
      <img src="/favicon.svg" alt="" width="48" height="48" />
      <h1>{words.title}</h1>
      <p className="lead">{words.lead}</p>
      <p>{words.body}</p>
      <p>
        <a className="button" href={storeUrl}>
          {words.install}
        </a>
      </p>
      <p className="quiet">{words.open}</p>
      <ul>
        {words.points.map(([title, body]) => (
          <li key={title}>
            <h2>{title}</h2>
            <p>{body}</p>
          </li>
        ))}
      </ul>
      <p className="quiet">
        {words.contact} <a href={`mailto:${supportEmail}`}>{supportEmail}</a>
      </p>
      <PublicLinks />
    </main>
  );
}
