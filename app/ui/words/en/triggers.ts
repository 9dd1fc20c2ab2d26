const plural = (count: number, one: string, many: string) => (count === 1 ? one : many);
const days = (count: number) => `${count} ${plural(count, "day", "days")}`;

export const triggers = {
  title: "Triggers",
  subtitle: "Who buys this product gets this message, at this moment.",
  add: "Add trigger",
  empty: {
    title: "Send the right message after a purchase",
    body: "A trigger watches for a product and sends its message at the right moment: how to use it safely, how to care for it, when it arrives.",
    action: "Add your first trigger",
    noTemplates: "Every trigger sends a template. Write one first, or start from one of ours.",
    toTemplates: "Choose a template",
  },
  noMatch: "No trigger has this name or template.",
  search: "Search triggers",
  tabs: { all: "All", live: "Live", in_review: "In review", changed: "Changes not live", draft: "Drafts" },
  columns: {
    name: "Trigger",
    template: "Template",
    state: "State",
    priority: "Priority",
    changed: "Last changed",
    actions: "Actions",
  },
  submit: "Send for review",
  stop: "Stop",
  duplicate: "Duplicate",
  remove: "Delete",
  actionsFor: (name: string) => `Actions for ${name}`,
  done: {
    submit: (count: number) =>
      count === 0
        ? "Nothing to review: all is live as it is"
        : `${plural(count, "Trigger", `${count} triggers`)} sent for review`,
    stop: (count: number) => `${plural(count, "Trigger", `${count} triggers`)} stopped`,
    duplicate: () => "Duplicated. The copy is a draft.",
    delete: (count: number) => `${plural(count, "Trigger", `${count} triggers`)} deleted`,
  },
  copyOf: (name: string) => `Copy of ${name}`.slice(0, 110),
  resource: { singular: "trigger", plural: "triggers" },
  removing: {
    title: (name: string) => `Delete ${name}?`,
    titleMany: (count: number) => `Delete ${count} triggers?`,
    body: "Messages it has already planned are cancelled, and nobody gets it any more. What was sent stays in Messages. This can’t be undone.",
    confirm: "Delete",
  },
  more: { assign: "Assign products in bulk", exchange: "Import and export" },

  editor: {
    newTitle: "New trigger",
    saved: "Trigger saved",
    savedNotLive: "Saved. What is live stays as it is until a review.",
    whatItDoes: "What it will do",
    leavesOut: "Leaves out",
    leavesOutNothing: "Leaves out nothing.",
    name: "Name",
    nameHelp: "Only you see this.",
    products: {
      title: "Products",
      help: "Which products in an order start this trigger. A bundle counts through its own product.",
      empty: "Nothing chosen yet.",
      add: "Add condition",
      mode: "A product fits when",
      any: "any condition is true",
      all: "all conditions are true",
      except: "Except",
      exceptHelp: "Products that never start it, even where the conditions above are true.",
      addException: "Add exception",
      removeRule: (kind: string) => `Remove the condition “${kind}”`,
      removeValue: (label: string) => `Remove ${label}`,
      choose: "Choose",
      change: "Add or remove",
      addValue: "Add",
      typeValue: "Type and press Enter",
      unnamed: (id: string) => `No. ${id}`,
      deleted: (label: string) => `${label} (deleted in Shopify)`,
      someDeleted:
        "Something chosen here no longer exists in Shopify. Orders that contain it can still start the trigger; new ones won’t.",
      namesUnknown: "Shopify didn’t answer, so names may be out of date.",
      count: (count: number) => `${count} chosen`,
      showAll: (count: number) => `Show all ${count}`,
      showLess: "Show fewer",
    },
    kinds: {
      product: "Product",
      variant: "Variant",
      productType: "Product type",
      vendor: "Vendor",
      tag: "Product tag",
      collection: "Collection",
    },
    start: {
      title: "When",
      event: "Start counting when",
      events: {
        paid: "the order is paid",
        fulfilled: "the product is shipped",
        delivered: "the product is delivered",
      },
      eventHelp: {
        paid: "Before the parcel leaves: for what a buyer should know while waiting.",
        fulfilled: "Counts for the shipment that holds the product, also when an order is shipped in parts.",
        delivered:
          "Counts for the shipment that holds the product. Collected by the buyer counts as delivered.",
      },
      fallback: "If no delivery is reported",
      fallbackWait: "keep waiting",
      fallbackDays: "start counting some days after shipping",
      fallbackAmount: "Days after shipping",
      fallbackHelp: "Not every carrier reports a delivery.",
      delay: "Then wait",
      delayUnit: "Unit",
      units: { minutes: "minutes", hours: "hours", days: "days" },
      atTime: "Send at a time of day",
      time: "Time of day",
      timeHelp: (zone: string) => `In your shop’s time zone, ${zone}: the first such moment after the wait.`,
    },
    message: {
      title: "Message",
      template: "Template",
      choose: "Choose a template",
      gone: "This template was deleted. Choose another.",
      edit: "Edit template",
      create: "Create a template",
      none: "You have no template yet.",
      frequency: "How often",
      frequencies: { buyer_product: "Once per buyer and product", order: "With every order" },
      frequencyHelp: {
        buyer_product: "Somebody who orders the product again does not get it again.",
        order: "Also somebody who has had it before gets it again.",
      },
      priority: "Priority",
      priorityHelp: "When several triggers share one email, the highest comes first and gives the subject.",
    },
    exclusions: {
      title: "Leave out",
      help: "Orders and products that never get this message.",
      testOrders: "Test orders",
      pos: "Point of Sale orders",
      b2b: "B2B orders (a company buys)",
      giftCards: "Gift cards",
      subscriptionRenewals: "Subscription renewals",
      subscriptionRenewalsHelp: "The first order of a subscription still gets it.",
      replacements: "Products at zero price",
      replacementsHelp: "Replacements and free extras.",
      importedOrders: "Orders imported from a marketplace",
      importedOrdersHelp: "Amazon, eBay, TikTok Shop and others; their buyers are reached where they bought.",
      minimumQuantity: "Minimum quantity",
      minimumQuantityHelp: "Fewer of the matching products in an order send nothing.",
      orderTags: "Orders tagged",
      customerTags: "Customers tagged",
    },
    access: {
      title: "Customer tags and B2B need your permission",
      body: "To see a customer’s tags, and to recognise B2B orders for certain, Aftercare needs to read customers. It reads nothing else of them.",
      action: "Ask for permission",
      asking: "Waiting for your answer",
      granted: "Permission given",
      declined:
        "Permission was not given. Without it, orders of customers whose tags can’t be seen are left out.",
      failed: "Shopify couldn’t ask for the permission. Please try again.",
    },
  },

  /** Pieces of the sentence that says what a trigger will do. */
  sentence: {
    nobody: "Choose which products this is for.",
    kinds: {
      product: (list: string) => list,
      variant: (list: string) => list,
      productType: (list: string) => `products of type ${list}`,
      vendor: (list: string) => `products by ${list}`,
      tag: (list: string) => `products tagged ${list}`,
      collection: (list: string) => `products in ${list}`,
    },
    list: (names: string[], more: number) =>
      more > 0 ? `${names.join(", ")} or ${more} more` : names.join(" or "),
    joined: {
      any: (parts: string[]) => parts.join(" or "),
      all: (parts: string[]) => parts.join(" that are also "),
    },
    except: (what: string) => `, but not ${what},`,
    atLeast: (count: number, what: string) => `at least ${count} of ${what}`,
    noTemplate: "a message you have yet to choose",
    template: (name: string) => `“${name}”`,
    after: {
      paid: { now: "as soon as the order is paid", then: (wait: string) => `${wait} after payment` },
      fulfilled: { now: "as soon as it is shipped", then: (wait: string) => `${wait} after shipping` },
      delivered: { now: "as soon as it is delivered", then: (wait: string) => `${wait} after delivery` },
    },
    wait: {
      minutes: (count: number) => `${count} ${plural(count, "minute", "minutes")}`,
      hours: (count: number) => `${count} ${plural(count, "hour", "hours")}`,
      days,
    },
    at: (time: string, zone: string) => `, at ${time} (${zone})`,
    frequency: { buyer_product: ", once per product", order: ", with every order" },
    fallback: (count: number) =>
      `; if no delivery is reported, the wait starts ${days(count)} after shipping`,
    noFallback: "; never if no delivery is reported",
    whole: (parts: {
      buyers: string;
      message: string;
      when: string;
      at: string;
      often: string;
      fallback: string;
    }) =>
      `Buyers of ${parts.buyers} get ${parts.message} by email ${parts.when}${parts.at}${parts.often}${parts.fallback}.`,
    leftOut: {
      orderTags: (tags: string) => `orders tagged ${tags}`,
      customerTags: (tags: string) => `customers tagged ${tags}`,
      testOrders: "test orders",
      pos: "Point of Sale orders",
      b2b: "B2B orders",
      giftCards: "gift cards",
      subscriptionRenewals: "subscription renewals",
      replacements: "products at zero price",
      importedOrders: "orders imported from a marketplace",
    },
    leavesOut: (list: string) => `Leaves out ${list}.`,
    and: (parts: string[]) =>
      parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`,
  },
};
