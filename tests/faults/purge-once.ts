// A process that purges what is due at the time it is told, and ends: for those who kill it on the way.
import { sweepPurges } from "#app/features/privacy/purge.jobs.ts";
import { openKeyring } from "#app/platform/crypto/keyring.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase } from "#app/platform/db/db.ts";
import { env } from "#app/platform/env.ts";

const [time = ""] = process.argv.slice(2);
const { DATABASE_URL = "", KEYS_DATABASE_URL = "" } = env();
await connectDatabase({ url: DATABASE_URL, pool: 4 });
await connectKeyStore({ url: KEYS_DATABASE_URL, keyring: await openKeyring(env()) });
await sweepPurges(() => new Date(time));
await disconnectDatabase();
await disconnectKeyStore();
