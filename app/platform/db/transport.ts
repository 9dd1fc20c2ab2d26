import pg from "pg";

const PROTECTED = ["require", "verify-ca", "verify-full"];
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|\/.*)$/i;

/**
 * Whether a connection with this address would leave the machine unencrypted. Asked of the driver, which also heeds parameters like
 * `?host=`; a path is a socket of this machine. An address it cannot read counts as unprotected.
 */
export function isWithoutTls(connectionString: string): boolean {
  try {
    const { host, ssl } = new pg.Client({ connectionString });
    if (LOOPBACK.test(host)) return false;
    const mode = new URL(connectionString).searchParams.get("sslmode") ?? "";
    return !(ssl && PROTECTED.includes(mode));
  } catch {
    return true;
  }
}
