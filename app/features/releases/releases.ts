import { z } from "zod";
import { CHANNELS } from "#app/connectors/channels.ts";
import { templateDraftSchema } from "#app/features/templates/templates.ts";
import { triggerDefinitionSchema } from "#app/features/triggers/triggers.ts";

/** Everything that decides what is sent to whom and when, frozen. Its hash is the release's identity. */
export const releaseContentSchema = z.object({
  channel: z.enum(CHANNELS),
  trigger: z.object({ name: z.string(), priority: z.number().int(), definition: triggerDefinitionSchema }),
  template: z.object({
    id: z.uuid(),
    versionId: z.uuid(),
    number: z.number().int(),
    draft: templateDraftSchema,
  }),
});
export type ReleaseContent = z.infer<typeof releaseContentSchema>;
