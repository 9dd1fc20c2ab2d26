import type { ReactNode } from "react";
import { formatDate } from "#app/ui/format.ts";
import { en } from "#app/ui/words/en.ts";

type PublicPageProps = {
  title: string;
  lead: string;
  /** When a person last went through it. */
  reviewed: string | null;
  supportEmail: string;
  children: ReactNode;
};

/** A page for everybody, outside the admin. */
export function PublicPage({ title, lead, reviewed, supportEmail, children }: PublicPageProps) {
  const words = en.publicPages;
  return (
    <main>
      <nav className="top">
        <a href="/">
          <img src="/favicon.svg" alt="" width="32" height="32" /> {words.home}
        </a>
      </nav>
      <h1>{title}</h1>
      <p className="lead">{lead}</p>
      {children}
      <p className="quiet">
        {reviewed ? words.reviewed(onDay(reviewed)) : words.unreviewed} {words.contact}{" "}
        <a href={`mailto:${supportEmail}`}>{supportEmail}</a>
      </p>
      <PublicLinks />
    </main>
  );
}

/** Where the public pages are. */
export function PublicLinks() {
  const { privacy, security } = en.publicPages.nav;
  return (
    <footer>
      <a href="/privacy">{privacy}</a>
      <a href="/security">{security}</a>
    </footer>
  );
}

/** Whoever reads it may be anywhere: days are those of UTC. */
export const onDay = (at: string) => formatDate(at, { locale: "en", timeZone: "UTC" });

/** A part of a public page. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
