// Making mails: what the cached tree saves, what the thread costs, and that a hostile template costs nobody else anything.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Liquid } from "liquidjs";
import { compile } from "#app/features/templates/compile.server.ts";
import { runLiquid } from "#app/features/templates/liquid.server.ts";
import { makeMail, scopeOf } from "#app/features/templates/mail.server.ts";
import { closeRenderer, renderMail, RenderError } from "#app/features/templates/render.server.ts";
import { starterDraft, STARTERS } from "#app/features/templates/starters.ts";
import { exampleContext } from "#app/features/templates/variables.ts";
import { envelopeWith } from "#tests/factories/mails.ts";
import { HOSTILE_TEMPLATES } from "#tests/hostile/templates.ts";
import type { Benchmark, Goal } from "./harness.ts";
import type { Load } from "./load.ts";

const TIMES = 800;
const AT_ONCE = 8;
/** Milliseconds a hostile template may take, and the event loop may be late meanwhile. */
const ENDS_WITHIN = 250;
const LATE_AT_MOST = 20;

const TREE = "Liquid, its tree cached";
const ANEW = "liquidjs, parseAndRender";
const THREADS = "whole mail, in threads";
const HERE = "whole mail, in this thread";
const HOSTILE = "hostile templates, the slowest";
const LIMIT = `${ENDS_WITHIN} ms`;
const LOOP = "event loop meanwhile, its p99 delay";
const PROMPT = `${LATE_AT_MOST} ms`;

const goals: Goal[] = [
  { of: TREE, to: ANEW, target: 2 },
  { of: HOSTILE, to: LIMIT, target: 1 },
  { of: LOOP, to: PROMPT, target: 1 },
];

const bodies = STARTERS.map(({ key }) => starterDraft(key, "en").locales.en!.body);
const mails = bodies.map((body) => envelopeWith({ body }));

export const render: Benchmark = {
  what: `${TIMES.toLocaleString("en")} mails of the starting templates; ${HOSTILE_TEMPLATES.length} hostile templates`,
  async run(measure) {
    try {
      let delay = never;
      await measure(
        [
          { name: TREE, measure: () => repeated(treeOnce) },
          { name: ANEW, measure: () => repeated(anewOnce) },
          { name: THREADS, measure: () => repeated((index) => renderMail(mails[index]!), AT_ONCE) },
          { name: HERE, measure: () => repeated((index) => void makeMail(mails[index]!)) },
          {
            name: HOSTILE,
            async measure() {
              const loop = monitorEventLoopDelay({ resolution: 1 });
              loop.enable();
              const slowest = await endAll();
              loop.disable();
              delay = asRate([loop.percentile(99) / 1e6]);
              return slowest;
            },
          },
          { name: LIMIT, measure: () => Promise.resolve(asRate([ENDS_WITHIN])) },
          { name: LOOP, measure: () => Promise.resolve(delay) },
          { name: PROMPT, measure: () => Promise.resolve(asRate([LATE_AT_MOST])) },
        ],
        goals,
      );
    } finally {
      await closeRenderer();
    }
  },
};

const locale = "en";
const scope = scopeOf(exampleContext(), locale);
const options = { slots: true, locale, dates: scope.dates };
const treeOnce = (index: number) => void runLiquid(compile(bodies[index]!), scope.values, options);
const plain = new Liquid({ ownPropertyOnly: true });
const anewOnce = (index: number) => void plain.parseAndRenderSync(bodies[index]!, scope.values);

async function repeated(once: (index: number) => unknown, atOnce = 1): Promise<Load> {
  const took: number[] = [];
  const started = performance.now();
  for (let done = 0; done < TIMES; done += atOnce) {
    await Promise.all(
      Array.from({ length: atOnce }, async (_, offset) => {
        const from = performance.now();
        await once((done + offset) % bodies.length);
        took.push(performance.now() - from);
      }),
    );
  }
  const seconds = (performance.now() - started) / 1_000;
  return { ...spread(took), perSecond: TIMES / seconds };
}

/** Each hostile template by itself, with a sane one before it so that no thread has to start within its time. */
async function endAll(): Promise<Load> {
  const took: number[] = [];
  for (const body of HOSTILE_TEMPLATES) {
    await renderMail(mails[0]!);
    const from = performance.now();
    await renderMail(envelopeWith({ body })).catch((error: unknown) => {
      if (!(error instanceof RenderError)) throw error;
    });
    took.push(performance.now() - from);
  }
  return asRate(took);
}

/** As a rate of its slowest, so that a limit can be a peer. */
const asRate = (took: number[]): Load => {
  const load = spread(took);
  return { ...load, perSecond: 1_000 / load.max };
};

function spread(took: number[]): Load {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { ok: took.length, failed: 0, perSecond: 0, p50: at(0.5), p99: at(0.99), max: at(1) };
}

const never: Load = { ok: 0, failed: 0, perSecond: 0, p50: 0, p99: 0, max: 0 };
