// What can be measured in a running installation, by name. Browser-safe: the readers are in evidence.server.ts.
import type { RetentionClass } from "#app/features/privacy/retention.ts";

/** A moment, as ISO text. */
type Moment = string;

/** What each reader finds. */
export type EvidenceFacts = {
  /** Templates by purpose, and messages, each of which belongs to an order. */
  purposes: { templates: number; messages: number };
  /** Messages with what became of them. */
  messageRecords: { messages: number; attempts: number; newest: Moment | null };
  /** Releases that are live, those among them that nobody reviewed, and those that are not what was approved. */
  releases: { live: number; unreviewed: number; altered: number; newest: Moment | null };
  /** Tables and columns in the privacy register, and columns of the database that are not in it. */
  register: { tables: number; columns: number; personal: number; unlisted: number };
  /** Values looked at in sealed columns, and whether each is ciphertext under the shop's key. */
  encryption: { columns: number; looked: number; open: number; keyId: string | null };
  /** The same for tokens. */
  tokens: { held: number; open: number };
  /** Keys that lie wrapped, and how many of them under a key that is not the keyring's newest. */
  keyring: { keyId: string; keys: number; older: number };
  /** Tables that name a shop, and those walled in by the database itself. */
  databaseWall: { tables: number; walled: number };
  /** Whether the database login could look past the wall. */
  databaseRole: { plain: boolean };
  /** The weakest of the connections to the database and to the key store. */
  databaseConnection: { version: string | null; sameMachine: boolean; privateAddress: boolean };
  /** The app's own address, and whether pages are refused over plain HTTP. */
  address: { https: boolean; refusesHttp: boolean };
  /** Which environment the databases belong to, by their own mark. */
  environment: { name: string | null; https: boolean };
  auditTrail: {
    entries: number;
    newest: Moment | null;
    verifiedAt: Moment | null;
    broken: boolean;
    overdue: boolean;
  };
  /** What the installation is built on: changes noted, and those nobody has looked at yet. */
  configuration: { changes: number; unreviewed: number; newest: Moment | null };
  /** The last sweep, and the last that found something of this shop past its time. */
  sweep: { at: Moment | null; deletedAt: Moment | null; rows: number };
  /** By class: since when there is something, and how many days it is kept; and how much has been past its time for days. */
  oldest: { classes: { class: RetentionClass; at: Moment | null; days: number | null }[]; overdue: number };
  /** The last purge of a shop; when the backups of its key run out, its data backups are unreadable. */
  purge: {
    at: Moment | null;
    hours: number;
    keyBackupsGoneAt: Moment | null;
    drillAt: Moment | null;
    /** Whether the last rehearsal left nothing. */
    drillPassed: boolean;
  };
  requests: { open: number; overdue: number; nextDue: Moment | null };
  backups: { configured: boolean; at: Moment | null; rehearsedAt: Moment | null };
  scopes: { asked: string[]; optional: string[]; granted: string[]; beyond: string[] };
  /** Fields of an order that are read, and those among them about payment. */
  fields: { fields: number; payment: number };
  dependencies: {
    checkedAt: Moment | null;
    state: "clean" | "vulnerable" | "unknown";
    packages: number;
    serious: number;
  };
  /** Who they are, and those that came without having been announced in time. */
  suppliers: { names: string[]; unnamed: boolean; unannounced: string[] };
  supplierReview: { at: Moment | null; overdue: boolean };
  region: { region: string | null };
  policies: { privacy: Moment | null; security: Moment | null; overdue: boolean };
  /** RFC 9116 counts the file only where it is served over HTTPS. */
  securityContact: { expires: Moment; https: boolean };
  /** Kinds of fields that a line blanks, and those a line that was made just now let through. */
  logs: { redacted: number; open: number };
};
export type EvidenceName = keyof EvidenceFacts;

/**
 * `good`: as promised; `none`: nothing has happened yet that would show it; `bad`: contradicts the promise; `unknown`: could not be
 * read; `off`: this installation lacks what the promise needs; `due`: a person has yet to do their part.
 */
export const READING_STATES = ["good", "none", "bad", "unknown", "off", "due"] as const;
export type ReadingState = (typeof READING_STATES)[number];

/** `facts` is null when the reading itself failed. */
export type Reading<Name extends EvidenceName = EvidenceName> = {
  name: Name;
  state: ReadingState;
  facts: EvidenceFacts[Name] | null;
};
export type Readings = { [Name in EvidenceName]?: Reading<Name> };
