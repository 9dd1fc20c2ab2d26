// `npm run purge:confirm -- --shop acme.myshopify.com --by NAME`: a person vouches that a shop has left, though Shopify never said so.
// `npm run purge:lift -- --by NAME`: a person has looked why purging is held, and lets it go on.
import { z } from "zod";
import { confirmUninstall, liftHold } from "#app/features/privacy/suspects.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { env } from "#app/platform/env.ts";
import { claimJournal } from "#app/platform/installation.ts";
import { log } from "#app/platform/log.ts";
import { checkOptions, openForCommand, runCommand } from "#app/start.ts";

const by = z.string().regex(/^[\w.-]{2,40}$/, "names you: letters, digits, dots and dashes, no blanks");
const askedSchema = z.discriminatedUnion("command", [
  z.object({
    command: z.literal("confirm"),
    shop: z.string().regex(/^[a-z0-9-]+\.myshopify\.com$/, "is a domain such as acme.myshopify.com"),
    by,
  }),
  z.object({ command: z.literal("lift"), by }),
]);

/** @param given what was typed, as commands.mjs read it, and which of the two commands it is */
export const run = (given: object) =>
  runCommand(env, async (env, undo) => {
    const asked = checkOptions(askedSchema, given);
    // An uninstall is written into the journal.
    await claimJournal(await openForCommand(env, undo));
    const actor = `staff:${asked.by}` as const;
    if (asked.command === "lift") {
      const lifted = await liftHold(actor, systemClock());
      log.info(lifted ? "purging goes on" : "purging was not held");
      return 0;
    }
    const startsAt = await confirmUninstall(asked.shop, actor, systemClock());
    log.info({ shop: asked.shop, startsAt }, "the shop has left; its purge is on its way");
    return 0;
  });
