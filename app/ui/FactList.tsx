import { Fragment, type ReactNode } from "react";

/** Names and what they stand for, in two columns. Nulls are left out. */
export function FactList({ facts }: { facts: (readonly [name: string, value: ReactNode] | null)[] }) {
  return (
    <dl className="Facts">
      {facts.map((fact) =>
        fact ? (
          <Fragment key={fact[0]}>
            <dt>{fact[0]}</dt>
            <dd>{fact[1]}</dd>
          </Fragment>
        ) : null,
      )}
    </dl>
  );
}
