// A process of its own that installs shops, seals and opens without a break while the keys are rotated, and remembers nothing: each value
// is opened with a key fresh from the store.
import { setImmediate as breathe } from "node:timers/promises";
import { z } from "zod";
import { ensureShop } from "#app/features/shops/shops.server.ts";
import { forgetVault, openVault } from "#app/features/vault/vault.server.ts";
import { openKeyring } from "#app/platform/crypto/keyring.ts";
import { connectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, forPlatform, forShop } from "#app/platform/db/db.ts";
import { keyringSchema } from "#app/platform/env.ts";
import { contactOf, contactPlace } from "#tests/faults/killed-rotation.ts";

const orderSchema = z.object({
  name: z.string(),
  url: z.string(),
  keysUrl: z.string(),
  keyring: z.string().optional(),
  keyringFile: z.string().optional(),
});

let stopping = false;
process.on("message", (message) => {
  if (message === "stop") stopping = true;
  else void work(orderSchema.parse(message));
});

async function work({
  name,
  url,
  keysUrl,
  keyring,
  keyringFile,
}: z.infer<typeof orderSchema>): Promise<void> {
  await connectDatabase({ url, pool: 2 });
  await connectKeyStore({
    url: keysUrl,
    keyring: await openKeyring({
      NODE_ENV: "test",
      KEYRING: keyring === undefined ? undefined : keyringSchema.parse(keyring),
      KEYRING_FILE: keyringFile,
    }),
  });
  const done = { made: 0, written: 0, read: 0, wrong: 0 };
  process.send?.("ready");
  while (!stopping) {
    const shop = await ensureShop(`${name}-${done.made}.myshopify.com`, new Date());
    done.made += 1;
    for (let turn = 0; turn < 4 && !stopping; turn += 1) {
      await write(shop.id);
      done.written += 1;
      if (!(await readAny())) done.wrong += 1;
      done.read += 1;
      await breathe();
    }
  }
  process.send?.(done);
  process.disconnect();
  process.exit();
}

async function write(shopId: string): Promise<void> {
  forgetVault(shopId);
  const contactSealed = (await openVault(shopId)).seal(contactPlace(shopId), contactOf(shopId));
  await forShop(shopId, (tx) => tx.shop.update({ where: { id: shopId }, data: { contactSealed } }));
}

async function readAny(): Promise<boolean> {
  const [row] = await forPlatform("setup", async (tx) => {
    const sealed = { where: { contactSealed: { not: null } } };
    const skip = Math.floor(Math.random() * (await tx.shop.count(sealed)));
    return tx.shop.findMany({ ...sealed, select: { id: true, contactSealed: true }, take: 1, skip });
  });
  if (!row?.contactSealed) return false;
  forgetVault(row.id);
  return (await openVault(row.id)).open(contactPlace(row.id), row.contactSealed) === contactOf(row.id);
}
