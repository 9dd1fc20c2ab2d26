// The page of an evidence pack that a person reads: one HTML file that needs nothing else.
import { renderToStaticMarkup } from "react-dom/server";
import { COMMITMENTS, GROUPS, groupOf, STATUSES, type Commitment } from "#app/features/trust/commitments.ts";
import type { EvidenceFacts, EvidenceName } from "#app/features/trust/evidence.ts";
import type { Trust } from "#app/features/trust/trust.server.ts";
import { formatDateTime } from "#app/ui/format.ts";
import type { Words } from "#app/ui/words/en.ts";

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:860px;margin:40px auto;padding:0 24px;color:#1f2a26;overflow-wrap:anywhere}
h1{margin-bottom:0}h2{margin-top:40px;border-bottom:1px solid #cfd8d4;padding-bottom:4px}h3{margin:24px 0 4px;font-size:16px}
p{margin:4px 0}ul{margin:4px 0;padding-left:20px}.state{font-weight:600}.quiet{color:#4c5a54}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:6px 12px 6px 0;border-bottom:1px solid #e3e8e6}th{white-space:nowrap}`;

type PackPageProps = { trust: Trust; shop: string; timeZone: string; words: Words; locale: string };

function PackPage({ trust, shop, timeZone, words, locale }: PackPageProps) {
  const date = (at: string) => formatDateTime(at, { locale, timeZone });
  const read = (name: EvidenceName) => {
    const { facts } = trust.readings[name];
    const line = words.evidence.lines[name] as (
      facts: EvidenceFacts[EvidenceName],
      on: typeof date,
    ) => string;
    return facts === null ? words.evidence.unread : line(facts, date);
  };
  return (
    <html lang={locale}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>{words.pack.title(shop)}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <h1>{words.pack.title(shop)}</h1>
        <p className="quiet">{words.pack.made(date(trust.at), timeZone)}</p>
        <p>{words.pack.check}</p>
        <ul>
          {STATUSES.map((status) => {
            const count = trust.rows.filter((row) => row.status === status).length;
            return count > 0 ? (
              <li key={status}>{words.promises.shown(words.promises.status[status], count)}</li>
            ) : null;
          })}
        </ul>
        {GROUPS.map((group) => (
          <section key={group}>
            <h2>{words.promises.groups[group]}</h2>
            {group === "organisation" ? <p>{words.promises.organisationBody}</p> : null}
            {trust.rows
              .filter(({ id }) => groupOf(id) === group)
              .map(({ id, status, attestation }) => {
                const commitment: Commitment = COMMITMENTS[id];
                return (
                  <article key={id}>
                    <h3>
                      {id} · {words.promises.rows[id].promise}
                    </h3>
                    <p className="state">
                      {words.promises.status[status]}
                      {commitment.state === "not_offered"
                        ? `: ${words.promises.waits[commitment.waitsFor]}`
                        : null}
                    </p>
                    {attestation ? (
                      <p>
                        {words.promises.attested(
                          attestation.by,
                          date(attestation.at),
                          date(attestation.until),
                        )}
                      </p>
                    ) : null}
                    {commitment.state === "kept" ? (
                      <>
                        <p>{words.promises.rows[id].how}</p>
                        <ul>
                          {commitment.evidence.map((name) => (
                            <li key={name}>{read(name)}</li>
                          ))}
                        </ul>
                      </>
                    ) : null}
                  </article>
                );
              })}
          </section>
        ))}
        <h2>{words.trust.suppliers.title}</h2>
        <table>
          <thead>
            <tr>
              <th>{words.pack.company}</th>
              <th>{words.trust.suppliers.region}</th>
              <th>{words.trust.suppliers.receives}</th>
            </tr>
          </thead>
          <tbody>
            {trust.suppliers.map(({ role, name, region }) => (
              <tr key={role}>
                <td>
                  {name ?? words.trust.suppliers.unnamed} ({words.trust.suppliers.roles[role].name})
                </td>
                <td>{region ?? words.trust.suppliers.unnamedRegion}</td>
                <td>{words.trust.suppliers.roles[role].receives}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <h2>{words.trust.agreement.title}</h2>
        <p>
          {trust.agreement.acceptance
            ? words.trust.agreement.accepted(
                trust.agreement.acceptance.version,
                date(trust.agreement.acceptance.at),
              )
            : words.trust.agreement.missing}
        </p>
      </body>
    </html>
  );
}

/** The summary and the agreement as it reads today, by file name. */
export function renderPack(props: PackPageProps): Record<string, string> {
  const { agreement } = props.words;
  return {
    "summary.html": `<!doctype html>\n${renderToStaticMarkup(<PackPage {...props} />)}\n`,
    "agreement.txt": [
      agreement.title,
      agreement.intro,
      ...agreement.sections.map((each) => each.join("\n")),
    ].join("\n\n"),
    "README.txt": props.words.pack.readme,
  };
}
