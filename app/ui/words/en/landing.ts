export const landing = {
  title: "Aftercare",
  lead: "Who buys this product gets this message, at this moment.",
  body: "For shops that sell things which need explaining. Aftercare writes to the buyer when the parcel has arrived: how to use it, how to care for it, what to watch out for. Once, at the right time, and with a record that proves it.",
  points: [
    ["By product", "Each product, type, vendor, tag or collection has its own message."],
    ["At the right moment", "Counted from the payment, the shipping or the delivery of that very product."],
    ["Checked before it leaves", "Nothing goes out for a cancelled order or a returned product."],
  ] as [title: string, body: string][],
  install: "Get it in the Shopify App Store",
  open: "Already installed? Open it in your Shopify admin, under Apps.",
  contact: "Questions?",
};
