import type { ListedKind, RequestState } from "#app/features/privacy/requests.ts";

const counted = (count: number, one: string, many: string) =>
  count === 1 ? `1 ${one}` : `${count.toLocaleString("en")} ${many}`;
const orders = (count: number) => (count === 1 ? "one order" : `${count} orders`);

export const privacy = {
  title: "Privacy",
  tabs: {
    "/app/privacy": "Requests",
    "/app/privacy/data": "What we hold",
    "/app/audit": "Activity",
    "/app/trust": "Trust",
  },
  kinds: {
    "customers/data_request": "Copy of a customer’s data",
    "customers/redact": "Erase a customer",
    "shop/redact": "Erase data of earlier installs",
    "merchant/export": "Copy of a customer’s data",
    "merchant/correction": "Correct a customer",
    "merchant/erasure": "Erase a customer",
  } satisfies Record<ListedKind, string>,
  from: { shopify: "Through Shopify", merchant: "From your team" },
  states: {
    recorded: "In progress",
    ready: "Ready to hand over",
    delivered: "Handed over",
    lapsed: "Not handed over in time",
    nothing_held: "Nothing held",
    done: "Done",
    failed: "Needs attention",
  } satisfies Record<RequestState, string>,
  does: {
    export: "Copies",
    correct: "Corrections",
    erase: "Erasures",
    clear: "Erasures of earlier installs",
  },
  views: { all: "All", open: "Open", closed: "Closed" },
  filter: { does: "What is asked", is: (what: string) => `Shows ${what.toLowerCase()}` },
  resource: { singular: "request", plural: "requests" },
  columns: { request: "Request", from: "From", received: "Received", state: "State", due: "Answer by" },
  overdue: "Overdue",
  older: "Older requests",
  newer: "Newest requests",
  empty: {
    title: "No requests yet",
    body: "When a customer asks for a copy of their data, or for it to be erased, the request shows here with its deadline. You can start one yourself above.",
  },
  nothingFound: { title: "No requests found", body: "Change the filters." },
  find: {
    title: "Answer a customer yourself",
    body: "Find them by one of their orders or by their email address, to see what is held on them, give them a copy, or correct or erase it.",
    label: "Order or email address",
    placeholder: "#1001 or name@example.com",
    action: "Find customer",
    noOrder:
      "No order with this number is held here. Orders whose customer was erased are not found any more.",
    neither: "Enter an order number, such as #1001, or a whole email address, such as name@example.com.",
    nothing: {
      title: "Nothing is held on this address",
      body: "You can tell your customer so. If you want proof of the answer, record it: the receipt says what was looked for and when, not for whom.",
      action: "Record this answer",
    },
  },
  buyer: {
    title: "Customer",
    noName: "Customer without a name",
    email: "Email",
    noEmail: "None",
    customerId: "Shopify customer",
    orders: {
      title: "Orders held",
      messages: (count: number) => (count === 1 ? "1 message" : `${count} messages`),
      waiting: (count: number) => `${count} waiting`,
      placed: "Placed",
    },
    copy: {
      title: "Give them a copy",
      body: "Puts together everything held on this customer, as a page to read and as a file. It stays available for 30 days.",
      action: "Put together a copy",
    },
    correct: {
      title: "Correct their details",
      body: (count: number) =>
        `Changes ${orders(count)} held here; messages that wait use the new details. Correct the order in Shopify as well: when Shopify tells us something newer, that counts.`,
      firstName: "First name",
      lastName: "Last name",
      email: "Email",
      action: "Save correction",
      same: "Change at least one of these.",
    },
    erase: {
      title: "Erase them",
      body: "Takes their name, address, order details and mails out of Aftercare, for good. This does not erase them in Shopify.",
      action: "Erase customer…",
      question: "Erase this customer for good?",
      consequences: (count: number, waiting: number) =>
        `The customer’s data is taken out of ${orders(count)}${
          waiting === 0
            ? ""
            : waiting === 1
              ? ", and the message that waits is cancelled"
              : `, and the ${waiting} messages that wait are cancelled`
        }. That messages were sent, and when, stays on record without the person. Nothing brings the data back, not even a backup. A later order of theirs is served like any other.`,
      confirm: "Erase for good",
    },
  },
  request: {
    summary: "About this request",
    about: "Customer",
    number: "Reference",
    from: "From",
    by: "Started by",
    received: "Received",
    due: "Answer by",
    completed: { export: "Put together", erase: "Done", correct: "Done", clear: "Done" },
    delivered: "Handed over",
    how: { downloaded: "by download", handed_over: "marked by hand" },
    working: "This is being worked on. It usually takes a few seconds; you may leave this page.",
    clearing:
      "Shopify asked us to erase what was held of your store. As Aftercare is installed again, only the orders and messages of earlier installs are erased. It usually takes a minute or two; you may leave this page.",
    ready: (due: string) =>
      `Give this copy to your customer by ${due}. Downloading it, or marking it as handed over, completes the request.`,
    nothing: {
      export: "Nothing is held on this customer. You can tell them so.",
      erase:
        "Nothing was held on this customer, so there was nothing to erase. Should one of the named orders still arrive, it brings nothing of them.",
      correct: "Nothing was held on this customer, so there was nothing to correct.",
      clear:
        "Shopify asked us to erase what was held of your store. As Aftercare is installed again, only earlier installs were meant, and nothing of them was left.",
    },
    erasedSince: "The customer was erased before this copy was handed over, and the copy with them.",
    expired:
      "This copy is no longer kept: its 30 days are over. Start a new one if your customer still needs it.",
    done: {
      erase: "The customer’s data was erased. Orders and messages stay on record without the person.",
      correct: "The customer’s details were corrected on all their orders.",
      clear:
        "Shopify asked us to erase what was held of your store. As Aftercare is installed again, only the orders and messages of earlier installs were erased. Your triggers, templates and settings were kept, and so was everything since.",
    },
    failed: "This could not be finished yet. It is tried again every hour, and our team was told.",
    unreadable:
      "Shopify’s request does not say whom it is about. Our team was told and will settle it with Shopify.",
    copy: {
      title: "What is held",
      frame: "What is held on this customer",
      page: "Download page",
      data: "Download data (JSON)",
      handedOver: "Mark as handed over",
      marked: "Marked as handed over",
      failed: "The download did not arrive. Please try again.",
      until: (when: string) => `Kept until ${when}.`,
      names: { page: "customer-data.html", json: "customer-data.json" },
    },
    counts: {
      title: {
        export: "What was found",
        erase: "What was erased",
        correct: "What was corrected",
        clear: "What was erased",
      },
      tables: {
        orders: "Orders",
        messages: "Messages",
        sections: "Texts inside the messages",
        attempts: "Times a message was given to the mail service",
        suppressions: "Opt-outs",
        privacy_exports: "Copies made earlier",
        inbox: "Stored events of Shopify",
        order_tombstones: "Orders we will not take in again",
      } as Record<string, string>,
    },
    receipt: {
      title: "Receipt",
      body: "Signed proof of what was done, without personal data. It is kept for six years.",
      id: "Number",
      at: "Issued",
      hash: "Hash",
      genuine: "Signature checked: genuine",
      altered: "Signature does not match",
    },
  },
  receipts: {
    genuine: "Genuine",
    notGenuine: "Altered",
    file: (day: string) => `aftercare-receipt-${day}.json`,
    download: "Download",
    downloadLabel: (when: string) => `Download the receipt of ${when}`,
    notDownloaded: "The receipt could not be downloaded. Please try again.",
  },
  erasures: {
    title: "Receipts for your store",
    body: "What was erased beyond single customers. All receipts are also in the evidence pack, under Trust.",
    empty:
      "Nothing of your store as a whole was erased so far. When that happens, because Aftercare is uninstalled, because Shopify asks for it or because a source of orders is disconnected, the receipt shows here.",
    what: (kind: string, reason: string | null): string => {
      if (kind === "generation_purge") return "Orders and messages of earlier installs";
      if (kind === "connection_purge") return "Everything from a disconnected source of orders";
      if (reason === "shop_redact") return "Everything, because Shopify asked for it";
      if (reason === "start_fresh") return "Everything, because you started fresh";
      if (reason === "restored") return "Everything a restored backup had brought back";
      return "Everything, after Aftercare was uninstalled";
    },
    counts: ({ orders = 0, messages = 0, ...rest }: Record<string, number>): string => {
      const others = Object.values(rest).reduce((sum, rows) => sum + rows, 0);
      const told = [
        orders > 0 && counted(orders, "order", "orders"),
        messages > 0 && counted(messages, "message", "messages"),
        others > 0 && counted(others, "record of other kinds", "records of other kinds"),
      ].filter((part) => part !== false);
      return told.length === 0 ? "Nothing was held any more" : told.join(", ");
    },
  },
};
