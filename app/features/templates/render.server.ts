// Guarantee: a template can hold up neither the process nor another template: it runs in a thread that is ended when it
// works too long or takes too much memory. The same envelope gives the same bytes.
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Piscina } from "piscina";
import type { checkPolicy, checkRendered, Finding } from "#app/features/templates/policy.ts";
import type { RenderFault } from "#app/features/templates/mail.server.ts";
import type { RenderAnswer, RenderWork } from "#app/features/templates/render.worker.ts";
import type {
  RenderEnvelope,
  RenderedMail,
  TemplateDraft,
  TemplateProblem,
} from "#app/features/templates/templates.ts";
import { AppError, describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

export type RenderReason = RenderFault | "render_timeout" | "render_crashed";

const FOR_PERSON: Record<RenderReason, string> = {
  template_invalid: "The template has errors. Open it and correct them.",
  template_broken: "The template can't be worked out. Open it and check its Liquid.",
  template_too_large: "The template repeats or prints too much for one message.",
  message_empty: "With this order's values the message is empty.",
  render_timeout: "The message took too long to prepare.",
  render_crashed: "The message needed too much memory to prepare.",
};

/** Why a message could not be made. `invalid`: trying again is futile; `unavailable`: it may work later. */
export class RenderError extends AppError {
  readonly reason: RenderReason;
  constructor(reason: RenderReason, cause?: unknown) {
    super(reason.startsWith("render_") ? "unavailable" : "invalid", `render: ${reason}`, {
      forPerson: FOR_PERSON[reason],
      cause,
    });
    this.name = "RenderError";
    this.reason = reason;
  }
}

/**
 * What one text may take, so that it has ended after 250 ms; a sane one takes some milliseconds. It is the thread's own time at work:
 * a busy machine convicts nobody.
 */
const TEXT_MS = 200;
/** To read a finished mail again takes time by its length alone: no template has a say in it. */
const READ_MS = 2_000;
/** A person waits for a check, and nothing else does; its own limits are counted, not timed. */
const CHECK_MS = 10_000;
/** However little of the machine a thread gets to start and to work: what freezes mails waits for it inside a transaction. */
const wallOf = (cpuMs: number) => Math.max(20_000, 4 * cpuMs);
const THREADS = Math.min(4, Math.max(2, availableParallelism()));

let pool: Piscina | undefined;
let busy = 0;
const waiting: (() => void)[] = [];

function threads(): Piscina {
  if (pool) return pool;
  pool = new Piscina({
    filename: new URL("./render.worker.ts", import.meta.url).href,
    minThreads: 1,
    maxThreads: THREADS,
    idleTimeout: 60_000,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32 },
  });
  // A thread that dies without a task, or while starting; what waits for it runs into its time limit.
  pool.on("error", (error: unknown) =>
    log.error({ error: describeFailure(error) }, "a rendering thread died"),
  );
  return pool;
}

/** One thread's worth of work at a time, so that the clock of a task starts when a thread is free for it. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (busy < THREADS) busy++;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else busy--;
  }
}

async function ask(task: RenderWork, cpuMs: number): Promise<unknown> {
  const answer = await inTurn(async (): Promise<RenderAnswer> => {
    const pool = threads();
    const begun = new Int32Array(new SharedArrayBuffer(8));
    const ending = new AbortController();
    const done = new AbortController();
    const { signal } = ending;
    const wall = setTimeout(() => ending.abort(), wallOf(cpuMs));
    void watch(pool, begun, cpuMs, done.signal).then((over) => over && ending.abort());
    try {
      return (await pool.run({ ...task, begun }, { signal })) as RenderAnswer;
    } catch (error) {
      throw new RenderError(signal.aborted ? "render_timeout" : "render_crashed", error);
    } finally {
      clearTimeout(wall);
      done.abort();
    }
  });
  if ("fault" in answer) throw new RenderError(answer.fault);
  return answer.value;
}

/** Whether the thread that begins the task works on it for longer than it may; false once it is done. */
async function watch(
  pool: Piscina,
  begun: Int32Array<SharedArrayBuffer>,
  cpuMs: number,
  done: AbortSignal,
): Promise<boolean> {
  await Atomics.waitAsync(begun, 0, 0, wallOf(cpuMs)).value;
  const thread = pool.threads.find(({ threadId }) => threadId === begun[0]);
  if (!thread) return false;
  try {
    // Asked only when a task is late: most are done long before.
    for (let left = cpuMs; left > 0;) {
      await sleep(left, undefined, { signal: done });
      const { user, system } = await thread.cpuUsage();
      left = Math.ceil(cpuMs + begun[1]! - (user + system) / 1_000);
    }
    return true;
  } catch {
    // Done, or the thread is gone with its task.
    return false;
  }
}

/** `cpuMs`: milliseconds of work after which the thread is ended. */
type Options = { cpuMs?: number };

/**
 * The mail of an envelope, deterministic to the byte.
 * @throws RenderError
 */
export async function renderMail(
  envelope: RenderEnvelope,
  { cpuMs = TEXT_MS * envelope.sections.length }: Options = {},
): Promise<RenderedMail> {
  return (await ask({ kind: "mail", input: envelope }, cpuMs)) as RenderedMail;
}

/**
 * The text alone, without subject and footer, for channels that carry nothing else.
 * @throws RenderError
 */
export async function renderPlainText(
  envelope: RenderEnvelope,
  { cpuMs = TEXT_MS * envelope.sections.length }: Options = {},
): Promise<string> {
  return (await ask({ kind: "text", input: envelope }, cpuMs)) as string;
}

/**
 * What is wrong with a template's texts; empty = it can be used.
 * @throws RenderError when the text takes too long to read
 */
export async function checkDraft(
  draft: TemplateDraft,
  { cpuMs = CHECK_MS }: Options = {},
): Promise<TemplateProblem[]> {
  return (await ask({ kind: "check", input: draft }, cpuMs)) as TemplateProblem[];
}

/**
 * What a draft says against its channel's rules: see `checkPolicy`.
 * @throws RenderError when the text takes too long to read
 */
export async function checkDraftPolicy(
  input: Parameters<typeof checkPolicy>[0],
  { cpuMs = CHECK_MS }: Options = {},
): Promise<Finding[]> {
  return (await ask({ kind: "draftPolicy", input }, cpuMs)) as Finding[];
}

/**
 * What a finished mail says against its channel's rules: see `checkRendered`.
 * @throws RenderError when it could not be read: then it must not leave
 */
export async function checkMailPolicy(
  input: Parameters<typeof checkRendered>[0],
  { cpuMs = READ_MS }: Options = {},
): Promise<Finding[]> {
  return (await ask({ kind: "mailPolicy", input }, cpuMs)) as Finding[];
}

/** Ends the threads; the next mail starts new ones. For shutting down. */
export async function closeRenderer(): Promise<void> {
  const open = pool;
  pool = undefined;
  await open?.destroy();
}
