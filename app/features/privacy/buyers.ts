import { z } from "zod";
import { buyerSchema } from "#app/features/orders/buyer.ts";

/** What a buyer gets who asks what is held on them: by table of the register, rows as they are stored, opened. */
export const exportSchema = z.object({
  format: z.literal("aftercare-buyer-export"),
  version: z.literal(1),
  madeAt: z.iso.datetime(),
  shop: z.object({ name: z.string(), domain: z.string() }),
  request: z.object({ id: z.uuid(), kind: z.string(), receivedAt: z.iso.datetime() }),
  about: buyerSchema,
  held: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
});
export type BuyerExport = z.infer<typeof exportSchema>;
