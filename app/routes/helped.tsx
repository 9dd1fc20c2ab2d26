import { json, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { answerHelped, findBuyersPage } from "#app/features/messages/buyers.server.ts";
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

const answers = z.enum(["yes", "no"]);
const queryOf = (request: Request) => new URL(request.url).searchParams;

/** Shows the question with the answer of the link that was followed, and counts nothing: scanners open every link of a mail. */
export async function loader({ request }: LoaderFunctionArgs) {
  const query = queryOf(request);
  const page = await answering(() => findBuyersPage("helped", query.get("link") ?? ""));
  const said = answers.safeParse(query.get("said")).data ?? null;
  const language = languageOf(request.headers.get("accept-language"));
  return json({ page, said, language }, { status: page ? 200 : 404 });
}

export async function action({ request }: ActionFunctionArgs) {
  const input = await parseSmallForm(request, z.object({ helped: answers }));
  if (!input.ok) return json({ done: false }, { status: 400 });
  const { helped } = input.value;
  const token = queryOf(request).get("link") ?? "";
  const page = await answering(() => answerHelped(token, helped === "yes", systemClock()));
  return json({ done: page !== null });
}

export default function Helped() {
  const { page, said, language } = useLoaderData<typeof loader>();
  const done = useActionData<typeof action>()?.done;
  const words = buyerWords(language);
  if (!page)
    return (
      <BuyersPage title={words.gone.title}>
        <p>{words.gone.body}</p>
      </BuyersPage>
    );
  const { shopName, helped } = page;
  // Before the button is pressed the link counts, afterwards what is kept.
  const chosen = done ? (helped ? "yes" : "no") : said;
  return (
    <BuyersPage shopName={shopName} title={done ? words.thanks.title : words.helped.question}>
      <p role={done ? "status" : undefined}>{done ? words.thanks.body : words.ask(shopName)}</p>
      <form method="post">
        {answers.options.map((answer) => (
          <button
            key={answer}
            name="helped"
            value={answer}
            className={answer === chosen ? undefined : "plain"}
            aria-pressed={done ? answer === chosen : undefined}
          >
            {words.helped[answer]}
          </button>
        ))}
      </form>
    </BuyersPage>
  );
}
