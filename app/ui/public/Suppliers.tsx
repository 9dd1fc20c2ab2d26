import type { Announcement } from "#app/features/trust/records.server.ts";
import type { SubProcessor } from "#app/features/trust/suppliers.server.ts";
import { onDay } from "#app/ui/public/PublicPage.tsx";
import { en } from "#app/ui/words/en.ts";

type SuppliersProps = { suppliers: SubProcessor[]; announcements: Announcement[] };

/** Who else receives data, and what is going to change. */
export function Suppliers({ suppliers, announcements }: SuppliersProps) {
  const words = en.trust.suppliers;
  return (
    <>
      <dl>
        {suppliers.map(({ role, name, region, since }) => (
          <div key={role}>
            <dt>
              {name ?? words.unnamed} <span className="quiet">{words.roles[role].name}</span>
            </dt>
            <dd>{words.roles[role].receives}</dd>
            <dd className="quiet">
              {words.region}: {region ?? words.unnamedRegion}
              {since ? ` · ${words.since} ${onDay(since)}` : ""}
            </dd>
          </div>
        ))}
      </dl>
      {announcements.map(({ supplier, text, announcedAt, effectiveAt }) => (
        <p key={supplier + effectiveAt} className="notice">
          <strong>{supplier}:</strong> {text} {words.announcement(onDay(effectiveAt), onDay(announcedAt))}
        </p>
      ))}
      {announcements.length === 0 ? <p className="quiet">{words.none}</p> : null}
    </>
  );
}
