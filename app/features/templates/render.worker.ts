// Runs in a thread of its own (see render.server.ts), with no environment and little memory.
import { checkTemplate } from "#app/features/templates/check.server.ts";
import { checkPolicy, checkRendered } from "#app/features/templates/policy.ts";
import { MailFault, makeMail, makePlainText, type RenderFault } from "#app/features/templates/mail.server.ts";

const WORK = {
  mail: makeMail,
  text: makePlainText,
  check: checkTemplate,
  draftPolicy: (input: Parameters<typeof checkPolicy>[0]) => checkPolicy(input),
  mailPolicy: (input: Parameters<typeof checkRendered>[0]) => checkRendered(input),
};

export type RenderWork = {
  [K in keyof typeof WORK]: { kind: K; input: Parameters<(typeof WORK)[K]>[0] };
}[keyof typeof WORK];
export type RenderAnswer = { value: unknown } | { fault: RenderFault };

/** Errors don't keep their fields on the way between threads: a fault travels as an answer. */
export default function work({ kind, input }: RenderWork): RenderAnswer {
  try {
    return { value: (WORK[kind] as (input: unknown) => unknown)(input) };
  } catch (error) {
    if (error instanceof MailFault) return { fault: error.fault };
    throw error;
  }
}
