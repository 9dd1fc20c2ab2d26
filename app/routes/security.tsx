import { json, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { GROUPS, ROWS, groupOf, type CommitmentId, type Status } from "#app/features/trust/commitments.ts";
import { readReviews, readStanding } from "#app/features/trust/trust.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { env } from "#app/platform/env.ts";
import { answering } from "#app/session.server.ts";
import landingStyles from "#app/ui/landing.css?url";
import { Part, PublicPage } from "#app/ui/public/PublicPage.tsx";
import { en } from "#app/ui/words/en.ts";

export const links = () => [{ rel: "stylesheet", href: landingStyles }];
export const meta: MetaFunction = () => [
  { title: `${en.publicPages.security.title} · ${en.publicPages.home}` },
  { name: "description", content: en.publicPages.security.lead },
];

/** How to report a vulnerability, and every promise with how it is kept. */
export async function loader() {
  return json({
    reviewed: (await answering(readReviews)).security,
    standing: await answering(() => readStanding(systemClock())),
    supportEmail: env().SUPPORT_EMAIL,
  });
}

export default function Security() {
  const { reviewed, standing, supportEmail } = useLoaderData<typeof loader>();
  const words = en.publicPages.security;
  return (
    <PublicPage title={words.title} lead={words.lead} reviewed={reviewed} supportEmail={supportEmail}>
      <Part title={words.report.title}>
        <p>
          <a href={`mailto:${supportEmail}`}>{supportEmail}</a>
        </p>
        <p>{words.report.body}</p>
        <p className="quiet">
          {words.report.file} <a href="/.well-known/security.txt">security.txt</a>
        </p>
      </Part>
      <Part title={words.promises.title}>
        <p>{words.promises.body}</p>
      </Part>
      {GROUPS.map((group) => (
        <Part key={group} title={en.promises.groups[group]}>
          {group === "organisation" ? <p>{words.promises.attested}</p> : null}
          <dl>
            {ROWS.filter(({ id }) => groupOf(id) === group).map(({ id }) => (
              <Promised key={id} id={id} status={standing[id]} />
            ))}
          </dl>
        </Part>
      ))}
    </PublicPage>
  );
}

function Promised({ id, status }: { id: CommitmentId; status: Status }) {
  const { commitment } = ROWS.find((row) => row.id === id)!;
  const { promise, how } = en.promises.rows[id];
  return (
    <div>
      <dt>
        {promise}
        {status === "kept" ? null : <span className="tag">{en.promises.status[status]}</span>}
      </dt>
      <dd>{commitment.state === "not_offered" ? en.promises.waits[commitment.waitsFor] : how}</dd>
    </div>
  );
}
