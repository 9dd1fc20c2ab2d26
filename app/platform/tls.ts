// Guarantee: no connection of this process speaks less than TLS 1.2, whatever flags Node was started with. Imported by env.ts, which
// every process reads before it connects to anything.
import tls from "node:tls";

// `require`, not a preference: fetch, pg and every other client take their floor from here.
if (tls.DEFAULT_MIN_VERSION !== "TLSv1.3") tls.DEFAULT_MIN_VERSION = "TLSv1.2";
