import type { Pace, Topic } from "#app/features/messages/alerts.ts";

export const alerts = {
  title: "Alerts",
  intro:
    "Whom we write to when something needs a person. What nobody wants to hear of goes to your store’s contact address in Shopify.",
  card: {
    title: "Alerts",
    body: "Who hears of failures, pauses, privacy requests and reviews.",
    action: "Manage alerts",
  },
  topics: {
    failures: "Failures",
    pauses: "Pauses",
    privacy: "Privacy requests",
    reviews: "Reviews that wait",
  } satisfies Record<Topic, string>,
  paces: {
    at_once: "At once",
    daily: "Daily, at 8:00",
    never: "Not at all",
  } satisfies Record<Pace, string>,
  contact: "Contact address in Shopify",
  noContact: "No contact address known",
  unconfirmed: "Waits for a confirmation",
  unconfirmedHelp:
    "We mailed a link to it. Until somebody opens it and confirms, nothing more is sent there.",
  again: "Ask again",
  saved: "Saved",
  add: {
    title: "Another address",
    label: "Email address",
    help: "It gets a link to confirm before anything else.",
    action: "Add",
    asked: "We mailed a link to confirm",
  },
  remove: { action: "Remove", label: (address: string) => `Remove ${address}`, done: "Removed" },
  page: {
    title: "Alerts from Aftercare",
    ask: (shop: string) =>
      `${shop} would like this address to hear of failures, pauses, privacy requests and reviews that wait.`,
    confirm: "Send me alerts",
    confirmed: (shop: string) => `This address hears of what needs a person in ${shop}.`,
    stop: "Send me no more alerts",
    stopped: "No more alerts are sent to this address.",
    gone: {
      title: "This link leads nowhere any more",
      body: "The address was taken off the list, or the link is incomplete.",
    },
  },
};
