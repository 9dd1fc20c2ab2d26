import { BlockStack, Card, InlineStack, Select, Text } from "@shopify/polaris";
import { useState } from "react";
import {
  COMMITMENTS,
  groupOf,
  GROUPS,
  STATUSES,
  type Commitment,
  type Group,
  type Status,
} from "#app/features/trust/commitments.ts";
import type { Trust, TrustRow } from "#app/features/trust/trust.server.ts";
import { formatDate } from "#app/ui/format.ts";
import { EvidenceLine } from "#app/ui/trust/EvidenceLine.tsx";
import { StatusBadge } from "#app/ui/trust/StatusBadge.tsx";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

type Shown = { trust: Trust; timeZone: string };

/** Every promise, folded by kind; narrowed to one state, the kinds that have it are open. */
export function PromisesCard({ trust, timeZone }: Shown) {
  const words = useWords().promises;
  const [show, setShow] = useState<Status | "all">("all");
  const found = STATUSES.flatMap((status) => {
    const rows = trust.rows.filter((row) => row.status === status);
    return rows.length > 0 ? [{ value: status, label: words.shown(words.status[status], rows.length) }] : [];
  });
  return (
    <Card padding="0">
      <div className="Promises-Head">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {words.title}
          </Text>
          <Select
            label={words.show}
            labelInline
            options={[{ value: "all", label: words.shown(words.all, trust.rows.length) }, ...found]}
            value={show}
            onChange={(value) => setShow(value as typeof show)}
          />
        </InlineStack>
      </div>
      {GROUPS.map((group) => (
        // A new choice folds anew.
        <CommitmentGroup key={`${group} ${show}`} {...{ group, show, trust, timeZone }} />
      ))}
    </Card>
  );
}

type GroupProps = Shown & { group: Group; show: Status | "all" };

/** The promises of one kind; each opens to show how it is kept and what shows it. What is narrowed away is still there in print. */
function CommitmentGroup({ group, show, trust, timeZone }: GroupProps) {
  const words = useWords().promises;
  const rows = trust.rows.filter(({ id }) => groupOf(id) === group);
  const count = (status: Status) => rows.filter((row) => row.status === status).length;
  const wanted = ({ status }: TrustRow) => show === "all" || status === show;
  const hidden = (yes: boolean) => (yes ? " Promise--away" : "");
  const offered = rows.filter(({ status }) => status !== "not_offered");
  const later = rows.filter(({ status }) => status === "not_offered");
  return (
    <details
      className={`Promise Promise--group${hidden(!rows.some(wanted))}`}
      open={show !== "all" || count("attention") > 0}
    >
      <summary>
        <span className="Promise-Text">
          <Text as="h3" variant="headingSm">
            {words.groups[group]}
          </Text>
        </span>
        <Text as="span" tone="subdued">
          {group === "organisation"
            ? words.vouched(count("attested"), rows.length)
            : words.standing(count("kept"), rows.length)}
        </Text>
      </summary>
      {group === "organisation" ? (
        <div className="Promise-Body">
          <Text as="p" tone="subdued">
            {words.organisationBody}
          </Text>
        </div>
      ) : null}
      {[...offered, ...later].map((row) => (
        <details key={row.id} className={`Promise${hidden(!wanted(row))}`} id={row.id}>
          <summary>
            <span className="Promise-Text">{words.rows[row.id].promise}</span>
            <StatusBadge status={row.status} />
          </summary>
          <div className="Promise-Body">
            <Detail row={row} trust={trust} timeZone={timeZone} />
          </div>
        </details>
      ))}
    </details>
  );
}

function Detail({ row, trust, timeZone }: Shown & { row: TrustRow }) {
  const words = useWords();
  const commitment: Commitment = COMMITMENTS[row.id];
  const { how } = words.promises.rows[row.id];
  if (commitment.state === "attested") return <Attested row={row} timeZone={timeZone} />;
  if (commitment.state === "not_offered")
    return (
      <BlockStack gap="200">
        <Text as="p">{words.promises.waits[commitment.waitsFor]}</Text>
        <Text as="p" tone="subdued">
          {how}
        </Text>
      </BlockStack>
    );
  return (
    <BlockStack gap="300">
      {row.status === "not_here" ? <Text as="p">{words.promises.notSetUp}</Text> : null}
      <Text as="p">{how}</Text>
      <BlockStack gap="100">
        {commitment.evidence.map((name) => (
          <EvidenceLine key={name} reading={trust.readings[name]} timeZone={timeZone} />
        ))}
      </BlockStack>
      <details className="Promise-Proof">
        <summary>{words.trust.rows.proof(commitment.tests.length)}</summary>
        <ul className="Plain">
          {commitment.tests.map(([file, name]) => (
            <li key={file + name}>
              {name} <code>{file}</code>
            </li>
          ))}
        </ul>
        <p>{words.trust.rows.code}</p>
        <ul className="Plain">
          {commitment.code.map((file) => (
            <li key={file}>
              <code>{file}</code>
            </li>
          ))}
        </ul>
      </details>
    </BlockStack>
  );
}

function Attested({ row: { attestation, status }, timeZone }: { row: TrustRow; timeZone: string }) {
  const words = useWords().promises;
  const locale = useLanguage();
  if (!attestation) return <Text as="p">{words.unattested}</Text>;
  const day = (at: string) => formatDate(at, { locale, timeZone });
  return (
    <BlockStack gap="100">
      <Text as="p">
        {status === "attested"
          ? words.attested(attestation.by, day(attestation.at), day(attestation.until))
          : words.overdue(attestation.by, day(attestation.until))}
      </Text>
      {attestation.note ? (
        <Text as="p" tone="subdued">
          {attestation.note}
        </Text>
      ) : null}
    </BlockStack>
  );
}
