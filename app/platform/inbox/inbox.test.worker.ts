// A worker of its own for the test that kills one: takes a webhook, says so, and never finishes.
import { z } from "zod";
import { connectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase } from "#app/platform/db/db.ts";
import { consumeInbox } from "#app/platform/inbox/inbox.ts";

const orderSchema = z.object({ database: z.string(), keys: z.string(), keyring: z.string() });

process.once("message", (message) => void work(orderSchema.parse(message)));
process.send?.("ready");

async function work(order: z.infer<typeof orderSchema>): Promise<void> {
  await connectDatabase({ url: order.database });
  await connectKeyStore({
    url: order.keys,
    keyring: [{ id: "k1", key: Buffer.from(order.keyring, "base64") }],
  });
  await consumeInbox({
    signal: new AbortController().signal,
    handle: ({ inboxId }) => {
      process.send?.(inboxId);
      return new Promise(() => {});
    },
  });
}
