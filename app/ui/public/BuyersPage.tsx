import type { ReactNode } from "react";

/** What only our own page may do: no script, no frame around it, nothing loaded from elsewhere, and no search engine lists it. */
export const BUYERS_HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Robots-Tag": "noindex",
};

/** A page that a buyer opens from a mail: of the shop, not of ours. */
export function BuyersPage({
  shopName,
  title,
  children,
}: {
  shopName?: string | undefined;
  title: string;
  children: ReactNode;
}) {
  return (
    <main className="buyers">
      {shopName ? <p className="quiet">{shopName}</p> : null}
      <h1>{title}</h1>
      {children}
    </main>
  );
}
