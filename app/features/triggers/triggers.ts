import { z } from "zod";

export const RULE_KINDS = ["product", "variant", "productType", "vendor", "tag", "collection"] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

export const START_EVENTS = ["paid", "fulfilled", "delivered"] as const;
export type StartEvent = (typeof START_EVENTS)[number];

export const DELAY_UNITS = ["minutes", "hours", "days"] as const;

/** Longest delay: a message that comes later than this is no longer about the order. In days. */
export const LONGEST_DELAY_DAYS = 365;

const minutesOf = { minutes: 1, hours: 60, days: 1440 } as const;

const ruleValue = z.object({
  /** A platform id for products, variants and collections; else the text itself. */
  id: z.string().trim().min(1).max(255),
  /** What to show for it. */
  label: z.string().trim().max(500).default(""),
});

/** One condition on a line of an order: true when any of its values fits. */
export const ruleSchema = z.object({
  kind: z.enum(RULE_KINDS),
  values: z
    .array(ruleValue)
    .min(1, "Choose at least one.")
    .max(2_000, "Choose at most 2,000; a tag or a collection holds more."),
});
export type Rule = z.infer<typeof ruleSchema>;

const ruleSet = z.object({ mode: z.enum(["any", "all"]), rules: z.array(ruleSchema).max(20) });
export type RuleSet = z.infer<typeof ruleSet>;

const tagList = z.array(z.string().trim().min(1).max(255)).max(100);

/** What a trigger does, without its name and template. */
export const triggerDefinitionSchema = z.object({
  include: ruleSet.extend({
    rules: z.array(ruleSchema).min(1, "Choose which products this is for.").max(20),
  }),
  exclude: ruleSet,
  start: z.object({
    event: z.enum(START_EVENTS),
    /** Only for "delivered": days after the fulfilment when no delivery is reported. null = wait for ever. */
    fallbackDays: z.number().int().min(1, "Use at least 1 day.").max(90, "Use at most 90 days.").nullable(),
  }),
  delay: z
    .object({
      amount: z.number("Enter a number.").int("Use a whole number.").min(0, "Use 0 or more."),
      unit: z.enum(DELAY_UNITS),
    })
    .refine((delay) => delay.amount * minutesOf[delay.unit] <= LONGEST_DELAY_DAYS * 1440, {
      path: ["amount"],
      message: `Use at most ${LONGEST_DELAY_DAYS} days.`,
    }),
  /** "HH:MM" in the shop's time zone: the first such moment after the delay. */
  timeOfDay: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Use a time such as 09:30.")
    .nullable(),
  exclusions: z.object({
    orderTags: tagList,
    customerTags: tagList,
    testOrders: z.boolean(),
    pos: z.boolean(),
    b2b: z.boolean(),
    giftCards: z.boolean(),
    subscriptionRenewals: z.boolean(),
    /** Lines at price zero: a replacement, a free part. */
    replacements: z.boolean(),
    /** Orders that a marketplace's channel imported. */
    importedOrders: z.boolean(),
    minimumQuantity: z
      .number("Enter a number.")
      .int("Use a whole number.")
      .min(1, "Use at least 1.")
      .max(10_000, "Use at most 10,000."),
  }),
  /** "buyer_product": a buyer gets it once for a product, however often they order it. */
  frequency: z.enum(["buyer_product", "order"]),
});
export type TriggerDefinition = z.infer<typeof triggerDefinitionSchema>;

/** What a merchant edits. */
export const triggerDraftSchema = z.object({
  name: z.string().trim().min(1, "Give the trigger a name.").max(120, "Keep the name under 120 characters."),
  templateId: z.uuid("Choose a template."),
  /** Of several triggers in one mail, the highest comes first and gives the subject. */
  priority: z
    .number("Enter a number.")
    .int("Use a whole number.")
    .min(-1000, "Use -1000 or more.")
    .max(1000, "Use 1000 or less."),
  definition: triggerDefinitionSchema,
});
export type TriggerDraft = z.infer<typeof triggerDraftSchema>;

/** A new trigger as the editor opens it. */
export const emptyDefinition: TriggerDefinition = {
  include: { mode: "any", rules: [] },
  exclude: { mode: "any", rules: [] },
  start: { event: "delivered", fallbackDays: 7 },
  delay: { amount: 1, unit: "days" },
  timeOfDay: null,
  exclusions: {
    orderTags: [],
    customerTags: [],
    testOrders: true,
    pos: false,
    b2b: false,
    giftCards: true,
    subscriptionRenewals: true,
    replacements: true,
    importedOrders: true,
    minimumQuantity: 1,
  },
  frequency: "buyer_product",
};

/** What Shopify must grant beyond the minimum for a trigger to work: customer tags need `read_customers`. */
export function needsCustomerAccess(definition: TriggerDefinition): boolean {
  return definition.exclusions.customerTags.length > 0;
}
