import type { Dmarc } from "#app/connectors/email/dmarc.ts";
import type { SendingDomainState } from "#app/connectors/email/domains.ts";

export type { Dmarc } from "#app/connectors/email/dmarc.ts";
export {
  DomainError,
  type DnsRecord,
  type DomainProblem,
  type RecordState,
  type SendingDomainState,
} from "#app/connectors/email/domains.ts";

/** Where a shop's own sending domain is registered and looked at. Each call but the last throws DomainError. */
export interface MailDomains {
  create(name: string): Promise<SendingDomainState>;
  get(id: string): Promise<SendingDomainState>;
  /** Has the DNS looked at, which takes the provider its time: get it again later. */
  verify(id: string): Promise<SendingDomainState>;
  remove(id: string): Promise<void>;
  list(): Promise<Pick<SendingDomainState, "id" | "name" | "state">[]>;
  readDmarc(name: string): Promise<Dmarc>;
}
