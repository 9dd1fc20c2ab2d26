import { parse as parseLossless } from "lossless-json";
import { z } from "zod";
import { templateDraftSchema } from "#app/features/templates/templates.ts";
import { triggerDraftSchema, type StartEvent } from "#app/features/triggers/triggers.ts";

export const EXCHANGE_FORMAT = "aftercare.configuration";
export const EXCHANGE_VERSION = 1;
/** Characters of a file: some thousand templates. */
export const LARGEST_EXCHANGE = 20_000_000;

/** What the shop's item was when the file was written: tells an edit in the file from an edit in the shop. */
const base = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .optional();

export const exchangeSchema = z.object({
  format: z.literal(EXCHANGE_FORMAT, "This is not a file of triggers and templates from this app."),
  version: z.literal(EXCHANGE_VERSION, "This file comes from another version of the app."),
  exportedAt: z.iso.datetime("Use a time such as 2026-11-21T10:00:00Z."),
  /** The shop's permanent domain: ids of products mean nothing in another shop. */
  shop: z.string().min(1).max(255),
  templates: z
    .array(templateDraftSchema.safeExtend({ base }))
    .max(2_000, "Use at most 2,000 templates in one file."),
  triggers: z
    .array(
      triggerDraftSchema
        .omit({ templateId: true })
        .extend({ template: z.string().trim().min(1).max(120), base }),
    )
    .max(2_000, "Use at most 2,000 triggers in one file."),
});
export type Exchange = z.infer<typeof exchangeSchema>;
export type ExchangedTemplate = Exchange["templates"][number];
export type ExchangedTrigger = Exchange["triggers"][number];

/** A fault in a file; `where` is a way to it that a person can follow: "Template 3 “Orchids” › de › Subject". */
export type ExchangeProblem = { where: string; message: string };

export const EXCHANGE_CHANGES = ["new", "changed", "unchanged", "conflict"] as const;
/**
 * What an import would do to one item. "changed": the shop still has what the file was made from. "conflict": it was
 * changed in the shop, too, or the file comes from elsewhere; a person decides whether it is replaced or kept.
 */
export type ExchangeChange = (typeof EXCHANGE_CHANGES)[number];
export type ExchangeItem = {
  kind: "template" | "trigger";
  name: string;
  change: ExchangeChange;
  /** "elsewhere": its products are another shop's, so it would meet nobody, or the wrong ones. */
  note: "elsewhere" | null;
};

/** The preview of an import. With problems nothing can be imported; `fingerprint` is what the person has seen. */
export type ExchangePlan = { items: ExchangeItem[]; problems: ExchangeProblem[]; fingerprint: string };
export type ConflictChoice = "replace" | "keep";

const FIELD_NAMES: Record<string, string> = {
  amount: "Amount",
  body: "Message",
  delay: "Delay",
  event: "Event",
  exclude: "Excluded products",
  exclusions: "Exclusions",
  exportedAt: "Time of export",
  fallbackDays: "Days without a delivery report",
  fallbackLocale: "Fallback language",
  frequency: "How often",
  include: "Products",
  kind: "Kind",
  mode: "Any or all",
  name: "Name",
  priority: "Priority",
  purpose: "Purpose",
  rules: "Rule",
  start: "Start",
  subject: "Subject",
  template: "Template",
  timeOfDay: "Time of day",
  unit: "Unit",
  values: "Value",
};
/** Steps that only hold others and tell a person nothing. */
const SILENT = new Set(["definition", "locales"]);

/** Turns ["templates", 2, "locales", "de", "subject"] into "Template 3 “Orchids” › de › Subject". */
export function whereOf(path: readonly PropertyKey[], data: unknown): string {
  const steps: string[] = [];
  const [list, index, ...rest] = path;
  let inner = path;
  if ((list === "templates" || list === "triggers") && typeof index === "number") {
    const items = (data as Record<string, unknown[] | undefined> | null)?.[list];
    const name = (items?.[index] as { name?: unknown } | null | undefined)?.name;
    steps.push(
      `${list === "templates" ? "Template" : "Trigger"} ${index + 1}${typeof name === "string" ? ` “${name.slice(0, 60)}”` : ""}`,
    );
    inner = rest;
  }
  for (const step of inner) {
    if (typeof step === "number" && steps.length > 0) steps[steps.length - 1] += ` ${step + 1}`;
    else if (!SILENT.has(String(step))) steps.push(FIELD_NAMES[String(step)] ?? String(step));
  }
  return steps.join(" › ") || "File";
}

/** Where JSON breaks off; the engine's own parser tells it only sometimes. */
function jsonPlace(text: string): string {
  try {
    parseLossless(text);
    return "File";
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1] ?? "0";
    const before = text.slice(0, Number(position));
    return `Line ${before.split("\n").length}, column ${before.length - before.lastIndexOf("\n")}`;
  }
}

/** Reads a file. Every fault is told at once; a file with any is not used at all. */
export function parseExchange(
  text: string,
): { file: Exchange; problems: [] } | { file: null; problems: ExchangeProblem[] } {
  const fail = (...problems: ExchangeProblem[]) => ({ file: null, problems });
  if (text.length > LARGEST_EXCHANGE) return fail({ where: "File", message: "This file is too large." });
  let data: unknown;
  const json = text.replace(/^\uFEFF/, "");
  try {
    data = JSON.parse(json);
  } catch {
    return fail({
      where: jsonPlace(json),
      message: "This is not readable as JSON. Was the file cut off or changed by hand?",
    });
  }
  const { success, data: file, error } = exchangeSchema.safeParse(data);
  if (!success)
    return fail(...error.issues.map(({ path, message }) => ({ where: whereOf(path, data), message })));
  const twice = [...sameNames("templates", file), ...sameNames("triggers", file)];
  return twice.length > 0 ? fail(...twice) : { file, problems: [] };
}

function sameNames(list: "templates" | "triggers", file: Exchange): ExchangeProblem[] {
  const names = file[list].map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ where: whereOf([list, index], file), message: "This name is in the file more than once." }],
  );
}

export const ASSIGNMENT_COLUMNS = ["product_handle", "variant_sku", "template", "event", "delay"] as const;
export type AssignmentColumn = (typeof ASSIGNMENT_COLUMNS)[number];

/** A row of a table of assignments as it was written; `line` counts from 1 with the heading. */
export type AssignmentRow = { line: number } & Record<AssignmentColumn, string>;
/** `column` null: the whole row, or the whole file. */
export type AssignmentError = { line: number; column: AssignmentColumn | null; message: string };

export type AssignmentStart = {
  event: StartEvent;
  delay: { amount: number; unit: "minutes" | "hours" | "days" };
};

/** One trigger that a table of assignments would make or add to. */
export type AssignmentGroup = AssignmentStart & {
  template: { id: string; name: string };
  /** null = a new trigger. */
  trigger: { id: string; name: string } | null;
  name: string;
  products: { id: string; label: string }[];
  variants: { id: string; label: string }[];
  /** Products and variants that the trigger does not have yet, and (when replacing) those it would lose. */
  added: number;
  removed: number;
};
export type AssignmentPlan = {
  groups: AssignmentGroup[];
  errors: AssignmentError[];
  rows: number;
  fingerprint: string;
};
/** "add": what a trigger has stays. "replace": it gets exactly the products of the table. */
export type AssignmentMode = "add" | "replace";

const UNITS: Record<string, AssignmentStart["delay"]["unit"]> = {
  m: "minutes",
  min: "minutes",
  minute: "minutes",
  minutes: "minutes",
  h: "hours",
  hour: "hours",
  hours: "hours",
  d: "days",
  day: "days",
  days: "days",
};

/** "2 days", "3h", "0" → a delay; null when it is none. */
export function parseDelay(text: string): AssignmentStart["delay"] | null {
  const [, amount, unit = ""] = /^(\d{1,6})\s*([a-z]*)$/.exec(text.trim().toLowerCase()) ?? [];
  if (amount === undefined) return null;
  if (unit === "") return Number(amount) === 0 ? { amount: 0, unit: "minutes" } : null;
  return UNITS[unit] ? { amount: Number(amount), unit: UNITS[unit] } : null;
}

export const formatDelay = ({ amount, unit }: AssignmentStart["delay"]): string =>
  `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`;
