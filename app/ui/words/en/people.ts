import type { Role } from "#app/features/shops/roles.ts";

export const people = {
  title: "People",
  intro:
    "Shopify opens Aftercare to everybody on your staff who may use apps. Here you say who may do what in it.",
  card: { title: "People", body: "Who may do what, and who has been here.", action: "Manage people" },
  roles: {
    owner: "Owner",
    approver: "Approver",
    editor: "Editor",
    viewer: "Viewer",
  } satisfies Record<Role, string>,
  can: {
    owner: "Everything, also erasing, exporting customers’ data, retention, opt-outs and people.",
    approver: "Everything an editor may; approves and stops messages, switches sending, manages the domain.",
    editor: "Writes templates and triggers, changes settings, sends drafts for review.",
    viewer: "Looks at everything and changes nothing.",
  } satisfies Record<Role, string>,
  legend: "What the roles may do",
  /** Whom to ask for what one may not do, by the least role that may. */
  ask: {
    owner: "Only an owner can do this. Ask an owner of your store in Aftercare.",
    approver: "Only an approver or an owner can do this. Ask one of them.",
    editor: "You can look at this, but not change it. Ask an owner to make you an editor.",
    viewer: "Ask an owner of your store in Aftercare.",
  } satisfies Record<Role, string>,
  you: "You",
  unnamed: (number: string) => `Team member ${number}`,
  accountOwner: "Owns the Shopify account, so always an owner here",
  lastOwner: "The only owner",
  seen: (day: string) => `Last here on ${day}`,
  role: (name: string) => `Role of ${name}`,
  changed: "Role changed",
  remove: {
    action: "Remove",
    label: (name: string) => `Remove ${name}`,
    title: (name: string) => `Remove ${name}?`,
    body: "Their name and their role go. As long as Shopify lets them open the app, they can come back to look, not to change anything. To keep them out altogether, take the app away from them in Shopify under Settings, Users.",
    confirm: "Remove",
    done: "Removed",
  },
  start: {
    title: "New people",
    label: "Who opens Aftercare for the first time is",
    help: "You can change it for each person afterwards.",
    changed: "Saved for new people",
  },
};
