import { z } from "zod";

/** What one of the merchant's staff may be, the mightiest first. */
export const ROLES = ["owner", "approver", "editor", "viewer"] as const;
export type Role = (typeof ROLES)[number];

/** Each deed, and the least role that may do it. Whoever may more may this as well. */
const LEAST = {
  /** Looking, previewing, counting. */
  view: "viewer",
  /** Templates, triggers, the settings' texts, imports, test mails. */
  edit: "editor",
  /** Sending a draft for review. */
  submit: "editor",
  /** Cancelling or repeating a message, taking in a webhook again. */
  messages: "editor",
  /** Approving, returning, withdrawing and rolling back; overruling a finding. */
  approve: "approver",
  /** The big switch. */
  sending: "approver",
  domains: "approver",
  /** The evidence pack and the log as files. */
  evidence: "approver",
  erase: "owner",
  /** A buyer's data as a file, handing it over, putting it right. */
  export: "owner",
  retention: "owner",
  suppressions: "owner",
  agreement: "owner",
  people: "owner",
  /** Who hears of what. */
  alerts: "owner",
} as const satisfies Record<string, Role>;
export type Deed = keyof typeof LEAST;
export const DEEDS = Object.keys(LEAST) as Deed[];

/** Whether somebody of this role may do it. */
export const may = (role: Role, deed: Deed): boolean => ROLES.indexOf(role) <= ROLES.indexOf(LEAST[deed]);

/** The least role that may do it: whom to ask. */
export const leastRole = (deed: Deed): Role => LEAST[deed];

/** Roles that newcomers may start with: an owner is made by an owner, by name. */
export const STARTING_ROLES = ["approver", "editor", "viewer"] as const;

/** What an owner does on the page about people. */
export const peopleWishSchema = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("role"), id: z.uuid(), role: z.enum(ROLES) }),
  z.object({ intent: z.literal("remove"), id: z.uuid() }),
  z.object({ intent: z.literal("start"), role: z.enum(STARTING_ROLES) }),
]);
export type PeopleWish = z.infer<typeof peopleWishSchema>;
