import { json, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { findBuyersPage, unsubscribe } from "#app/features/messages/buyers.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { parseSmallForm } from "#app/platform/forms.ts";
import { answering } from "#app/session.server.ts";
import buyersStyles from "#app/ui/public/buyers.css?url";
import { BUYERS_HEADERS, BuyersPage } from "#app/ui/public/BuyersPage.tsx";
import { buyerWords, languageOf } from "#app/ui/words/buyers.ts";

export const handle = { plain: true };
export const links = () => [{ rel: "stylesheet", href: buyersStyles }];
export const headers = () => BUYERS_HEADERS;
export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data?.page?.shopName ?? buyerWords(data?.language ?? "en").gone.title },
];

const tokenOf = (request: Request) => new URL(request.url).searchParams.get("link") ?? "";

/** Shows what the link is for, and changes nothing: scanners open every link of a mail. */
export async function loader({ request }: LoaderFunctionArgs) {
  const page = await answering(() => findBuyersPage("unsubscribe", tokenOf(request)));
  const language = languageOf(request.headers.get("accept-language"));
  return json({ page, language }, { status: page ? 200 : 404 });
}

/** What mail clients post (RFC 8058), and the page's own form as well. */
const oneClick = z.object({ "List-Unsubscribe": z.literal("One-Click") });

export async function action({ request }: ActionFunctionArgs) {
  const input = await parseSmallForm(request, oneClick);
  if (!input.ok) return json({ done: false }, { status: 400 });
  const page = await answering(() => unsubscribe(tokenOf(request), systemClock()));
  // Who can't be found any more gets nothing either: to a mail client that is done as well.
  return json({ done: page !== null });
}

export default function Unsubscribe() {
  const { page, language } = useLoaderData<typeof loader>();
  const done = useActionData<typeof action>()?.done;
  const words = buyerWords(language);
  if (!page)
    return (
      <BuyersPage title={words.gone.title}>
        <p>{words.gone.body}</p>
      </BuyersPage>
    );
  const { shopName } = page;
  if (done)
    return (
      <BuyersPage shopName={shopName} title={words.stopped.title}>
        <p role="status">{words.stopped.body(shopName)}</p>
      </BuyersPage>
    );
  return (
    <BuyersPage title={words.stop.title(shopName)}>
      <p>{words.stop.body(shopName)}</p>
      <form method="post">
        <button name="List-Unsubscribe" value="One-Click">
          {words.stop.button}
        </button>
      </form>
    </BuyersPage>
  );
}
