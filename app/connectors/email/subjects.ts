import { z } from "zod";
import { nobodys, type WebhookSubject } from "#app/connectors/subjects.ts";

const body = z
  .looseObject({
    data: z.looseObject({
      to: z.array(z.string()).catch([]),
      tags: z
        .looseObject({ message_id: z.string().nullish().catch(null) })
        .nullish()
        .catch(null),
    }),
  })
  .catch({ data: { to: [], tags: null } });

/** Whom an event of Resend's is about. Never throws. */
export function resendSubject(_: string, payload: unknown): WebhookSubject {
  const { data } = body.parse(payload);
  return { ...nobodys, messageId: data.tags?.message_id ?? null, emails: data.to };
}
