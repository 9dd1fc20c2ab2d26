// Runs in a thread of its own (see render.server.ts), with no environment and little memory.
import { threadId } from "node:worker_threads";
import { checkTemplate } from "#app/features/templates/check.server.ts";
import { checkPolicy, checkRendered } from "#app/features/templates/policy.ts";
import { MailFault, makeMail, makePlainText, type RenderFault } from "#app/features/templates/mail.server.ts";
import { exampleContext } from "#app/features/templates/variables.ts";

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

/**
 * Errors don't keep their fields on the way between threads: a fault travels as an answer. `begun` takes this thread's id, and the milliseconds it has worked
 * before, when the work begins, so that neither its start nor its wait counts as the template's time.
 */
export default function work({
  kind,
  input,
  begun,
}: RenderWork & { begun: Int32Array<SharedArrayBuffer> }): RenderAnswer {
  const { user, system } = process.threadCpuUsage();
  begun[1] = Math.floor((user + system) / 1_000);
  Atomics.store(begun, 0, threadId);
  Atomics.notify(begun, 0);
  try {
    return { value: (WORK[kind] as (input: unknown) => unknown)(input) };
  } catch (error) {
    if (error instanceof MailFault) return { fault: error.fault };
    throw error;
  }
}

// A thread's first mail takes ten times as long as the next ones, and so does its first reading. These are nobody's.
makeMail({
  locale: "en",
  sections: [
    {
      content: { subject: "{{ order.name }}", body: "**{{ order.name }}**\n\n- a" },
      context: exampleContext(),
    },
  ],
  shopName: "",
  orderName: "",
  brand: { logoUrl: "", color: "#000000" },
  footer: { legalName: "", address: "", contact: "" },
});
checkRendered({ channel: "email", purposes: ["care"], mail: { subject: "a", text: "a" }, names: [] });
