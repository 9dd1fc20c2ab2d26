import type { Explained } from "#app/features/messages/explain.server.ts";

export const orders = {
  title: "Orders",
  link: "Orders and what they got",
  columns: { order: "Order", placed: "Placed", products: "Products", got: "What it got" },
  got: (sent: number, waiting: number) =>
    [
      sent > 0 ? `${sent} sent` : null,
      waiting > 0 ? `${waiting} waiting` : null,
      sent + waiting === 0 ? "Nothing" : null,
    ]
      .filter(Boolean)
      .join(", "),
  views: { all: "All", nothing: "Got nothing" },
  search: "Search by order, such as #1042",
  resource: { singular: "order", plural: "orders" },
  nothingFound: {
    title: "No orders found",
    body: "We hold only orders that came in since Aftercare was installed, as long as Settings keep them. Change the search or the view.",
  },
  newer: "Newer orders",
  older: "Older orders",
  heading: (order: string) => `Order ${order}`,
  about: "About this order",
  fields: { placed: "Placed", products: "Products" },
  why: "What each trigger does for this order",
  none: "Nothing is live yet, so there is nothing this order could get.",
  erased: "The buyer’s data was erased. Nothing is planned for this order any more.",
  unknown: "Shopify has not told us the whole order yet. It is looked at as soon as it does.",
  outcomes: { sent: "Sent", waiting: "Waiting", skipped: "Not sent" } satisfies Record<
    Explained["outcome"],
    string
  >,
  sent: (when: string) => `It left ${when}.`,
  leaving: "It was handed to the mail service.",
  due: (when: string) => `It is due ${when}.`,
  waitsFor: (event: string) => `It waits until the order is ${event}.`,
  message: "Open the message",
  without: { title: "Orders that got nothing", body: "These orders have no message. Open one to see why." },
  ofMessage: "What this order got, and why",
};
