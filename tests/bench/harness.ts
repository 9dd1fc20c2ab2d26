// Peers are measured in turns, so that a machine that is busy for a while is busy for all of them; a ratio is taken within a round,
// and the median over the rounds counts.
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import type { Load } from "./load.ts";

export type Peer = { name: string; measure: () => Promise<Load> };

/** `of` must reach `target` times what `to` does; below two thirds of that the benchmark fails. */
export type Goal = { of: string; to: string; target: number };

export type Benchmark = {
  what: string;
  /** Opens what is to be measured and hands it to `measure`; closes it afterwards. */
  run: (measure: (peers: Peer[], goals: Goal[]) => Promise<void>) => Promise<void>;
};

export type Result = {
  benchmark: string;
  what: string;
  at: string;
  machine: { cpus: number; model: string; memoryGB: number; node: string };
  rounds: Record<string, Load>[];
  peers: { name: string; perSecond: number; p50: number; p99: number; max: number }[];
  goals: (Goal & { ratio: number; floor: number; verdict: Verdict })[];
};
type Verdict = "reached" | "below target" | "below floor";

const FLOOR = 2 / 3;

/** Measures every peer once a round, each round starting with another one. */
export async function compare(
  name: string,
  what: string,
  peers: Peer[],
  goals: Goal[],
  rounds: number,
): Promise<Result> {
  const measured: Record<string, Load>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const results: Record<string, Load> = {};
    for (let index = 0; index < peers.length; index += 1) {
      const peer = peers[(index + round) % peers.length]!;
      results[peer.name] = await peer.measure();
      say(`  round ${round + 1}/${rounds}  ${peer.name.padEnd(36)} ${row(results[peer.name]!)}`);
    }
    measured.push(results);
  }
  const of = (peer: string, value: keyof Load) => median(measured.map((results) => results[peer]![value]));
  return {
    benchmark: name,
    what,
    at: new Date().toISOString(),
    machine: {
      cpus: cpus().length,
      model: cpus()[0]?.model ?? "",
      memoryGB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    },
    rounds: measured,
    peers: peers.map(({ name }) => ({
      name,
      perSecond: of(name, "perSecond"),
      p50: of(name, "p50"),
      p99: of(name, "p99"),
      max: of(name, "max"),
    })),
    goals: goals.map((goal) => judge(goal, measured)),
  };
}

function judge(goal: Goal, rounds: Record<string, Load>[]): Result["goals"][number] {
  const ratio = median(rounds.map((results) => results[goal.of]!.perSecond / results[goal.to]!.perSecond));
  const floor = goal.target * FLOOR;
  const verdict = ratio >= goal.target ? "reached" : ratio >= floor ? "below target" : "below floor";
  return { ...goal, ratio, floor, verdict };
}

export function print(result: Result): void {
  say(`\n${result.benchmark}: ${result.what}`);
  say(
    `${result.machine.cpus} × ${result.machine.model}, Node ${result.machine.node}, median of ${result.rounds.length} rounds\n`,
  );
  for (const peer of result.peers) say(`  ${peer.name.padEnd(36)} ${row(peer)}`);
  say("");
  for (const { of, to, ratio, target, floor, verdict } of result.goals) {
    say(`  ${of} : ${to} = ${ratio.toFixed(2)} (target ${target}, floor ${floor.toFixed(2)}): ${verdict}`);
  }
  say("");
}

export async function save(result: Result, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${result.benchmark}.json`);
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function row({ perSecond, p50, p99, max }: Pick<Load, "perSecond" | "p50" | "p99" | "max">): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`.padStart(10);
  return `${perSecond.toFixed(0).padStart(7)}/s   p50 ${ms(p50)}   p99 ${ms(p99)}   max ${ms(max)}`;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
