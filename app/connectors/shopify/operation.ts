import type { z } from "zod";

/**
 * One question to the Admin API with the shape of its answer. The document is text, so that a test finds every one of
 * them and holds it against Shopify's schema.
 */
export type Operation<Variables, Answer> = {
  name: string;
  /** Most points Shopify can ask for it, counted before it runs; one query may cost 1,000. */
  cost: number;
  document: string;
  answer: z.ZodType<Answer>;
  /** Types the variables; has no value. */
  readonly variables?: Variables;
};

/** `operation<Variables>()({ … })`: the variables are named, the answer's type follows from its schema. */
export function operation<Variables extends Record<string, unknown>>() {
  return <Answer>(parts: Omit<Operation<Variables, Answer>, "variables">): Operation<Variables, Answer> =>
    parts;
}
