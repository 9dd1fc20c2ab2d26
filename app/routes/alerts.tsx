import { json, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { answerAsked, findAsked } from "#app/features/messages/alerts.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { parseSmallForm } from "#app/platform/forms.ts";
import { answering } from "#app/session.server.ts";
import buyersStyles from "#app/ui/public/buyers.css?url";
import { BUYERS_HEADERS, BuyersPage } from "#app/ui/public/BuyersPage.tsx";
import { wordsFor } from "#app/ui/words/words.ts";

export const handle = { plain: true };
export const links = () => [{ rel: "stylesheet", href: buyersStyles }];
export const headers = () => BUYERS_HEADERS;
export const meta: MetaFunction = () => [{ title: wordsFor("en").alerts.page.title }];

const tokenOf = (request: Request) => new URL(request.url).searchParams.get("link") ?? "";

/** Shows what the link is for, and changes nothing: scanners open every link of a mail. */
export async function loader({ request }: LoaderFunctionArgs) {
  const asked = await answering(() => findAsked(tokenOf(request)));
  return json({ asked }, { status: asked ? 200 : 404 });
}

const answerSchema = z.object({ wants: z.enum(["yes", "no"]) });

export async function action({ request }: ActionFunctionArgs) {
  const input = await parseSmallForm(request, answerSchema);
  if (!input.ok) return json({ stopped: false }, { status: 400 });
  const wants = input.value.wants === "yes";
  const led = await answering(() => answerAsked(tokenOf(request), wants, systemClock()));
  return json({ stopped: led && !wants });
}

export default function Alerts() {
  const { asked } = useLoaderData<typeof loader>();
  const stopped = useActionData<typeof action>()?.stopped;
  const words = wordsFor("en").alerts.page;
  if (!asked)
    return (
      <BuyersPage title={words.gone.title}>
        <p>{words.gone.body}</p>
      </BuyersPage>
    );
  const { shopName, confirmed } = asked;
  return (
    <BuyersPage shopName={shopName} title={words.title}>
      {stopped ? <p role="status">{words.stopped}</p> : null}
      <p>{confirmed ? words.confirmed(shopName) : words.ask(shopName)}</p>
      <form method="post">
        <button name="wants" value={confirmed ? "no" : "yes"}>
          {confirmed ? words.stop : words.confirm}
        </button>
      </form>
    </BuyersPage>
  );
}
