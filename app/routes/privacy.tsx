import { json, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { asks } from "#app/connectors/registry.ts";
import { DATA_CLASSES, type DataClass } from "#app/features/privacy/register.ts";
import { REQUEST_KINDS } from "#app/features/privacy/requests.server.ts";
import { RETENTION, type RetentionClass } from "#app/features/privacy/retention.ts";
import { listSuppliers } from "#app/features/trust/suppliers.server.ts";
import { readReviews } from "#app/features/trust/trust.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { env } from "#app/platform/env.ts";
import { answering } from "#app/session.server.ts";
import landingStyles from "#app/ui/landing.css?url";
import { Part, PublicPage } from "#app/ui/public/PublicPage.tsx";
import { Suppliers } from "#app/ui/public/Suppliers.tsx";
import { en } from "#app/ui/words/en.ts";

export const links = () => [{ rel: "stylesheet", href: landingStyles }];
export const meta: MetaFunction = () => [
  { title: `${en.publicPages.privacy.title} · ${en.publicPages.home}` },
  { name: "description", content: en.publicPages.privacy.lead },
];

/** The privacy policy, made from what the app reads, holds and deletes, so that it can't say anything else. */
export async function loader() {
  const { UNINSTALL_GRACE_HOURS, DATA_REGION, SUPPORT_EMAIL } = env();
  return json({
    ...(await answering(() => listSuppliers(systemClock()))),
    reviewed: (await answering(readReviews)).privacy,
    reads: asks.shopify.personal.map(({ kind, requested, fields, reason }) => ({
      kind,
      requested,
      fields: [...fields],
      reason,
    })),
    graceHours: UNINSTALL_GRACE_HOURS,
    purgeHours: REQUEST_KINDS["app/uninstalled"].hours,
    requestDays: REQUEST_KINDS["customers/data_request"].hours / 24,
    region: DATA_REGION ?? null,
    supportEmail: SUPPORT_EMAIL,
  });
}

const HELD = (Object.keys(DATA_CLASSES) as DataClass[]).filter(
  (kind): kind is keyof typeof en.publicPages.privacy.holds.classes => DATA_CLASSES[kind].personal,
);

export default function Privacy() {
  const data = useLoaderData<typeof loader>();
  const words = en.publicPages.privacy;
  return (
    <PublicPage
      title={words.title}
      lead={words.lead}
      reviewed={data.reviewed}
      supportEmail={data.supportEmail}
    >
      <Part title={words.who.title}>
        <p>{words.who.body}</p>
      </Part>
      <Part title={words.use.title}>
        <p>{words.use.body}</p>
      </Part>
      <Part title={words.reads.title}>
        <p>{words.reads.body}</p>
        <dl>
          {data.reads.map(({ kind, requested, fields, reason }) => (
            <div key={kind}>
              <dt>
                {words.reads.kinds[kind]}
                {requested ? null : <span className="quiet"> {words.reads.notRead}</span>}
              </dt>
              <dd>{reason}</dd>
              {fields.length > 0 ? (
                <dd className="quiet">
                  <code>{fields.join(", ")}</code>
                </dd>
              ) : null}
            </div>
          ))}
        </dl>
      </Part>
      <Part title={words.holds.title}>
        <p>{words.holds.body}</p>
        <dl>
          {HELD.map((kind) => (
            <div key={kind}>
              <dt>{words.holds.classes[kind][0]}</dt>
              <dd>{words.holds.classes[kind][1]}</dd>
            </div>
          ))}
        </dl>
      </Part>
      <Part title={words.keeps.title}>
        <p>{words.keeps.body}</p>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.keeps.data}</th>
              <th scope="col">{words.keeps.time}</th>
            </tr>
          </thead>
          <tbody>
            {(Object.keys(RETENTION) as RetentionClass[]).map((kind) => (
              <tr key={kind}>
                <th scope="row">{words.keeps.classes[kind]}</th>
                <td>{keptFor(kind)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Part>
      <Part title={words.leaves.title}>
        <p>{words.leaves.body(data.graceHours, data.purgeHours)}</p>
      </Part>
      <Part title={words.others.title}>
        <p>
          {words.others.body} {data.region ? words.others.region(data.region) : null}
        </p>
        <Suppliers suppliers={data.suppliers} announcements={data.announcements} />
      </Part>
      <Part title={words.rights.title}>
        <p>{words.rights.body(data.requestDays)}</p>
      </Part>
      <Part title={words.cookies.title}>
        <p>{words.cookies.body}</p>
      </Part>
    </PublicPage>
  );
}

function keptFor(kind: RetentionClass): string {
  const words = en.publicPages.privacy.keeps;
  const { days, choice, marketplace } = RETENTION[kind];
  if (days === null) return words.always;
  const usual = choice ? words.choice(days, choice.min, choice.max) : words.forDays(days);
  return marketplace ? `${usual}; ${words.marketplace(marketplace.max)}` : usual;
}
