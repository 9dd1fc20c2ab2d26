import type { Severity } from "#app/connectors/policies.ts";
import type { Finding } from "#app/features/templates/policy.ts";

type About = { title: string; help: string };

export const policy = {
  title: "Against the rules of this channel",
  severity: {
    never: "Can’t be sent",
    overrulable: "Needs a reason",
    advice: "Advice",
  } satisfies Record<Severity, string>,
  about: {
    discount_code: {
      title: "Discount code",
      help: "These buyers never subscribed to anything. Nobody can approve a message with a discount code in it.",
    },
    price_offer: {
      title: "Price offer",
      help: "Discounts, sales and free extras are advertising. Nobody can approve a message that offers them.",
    },
    review_reward: {
      title: "Reward for a review",
      help: "Reviews must not be paid for. Nobody can approve a message that does.",
    },
    review_request: {
      title: "Asks for a review",
      help: "Asking for a review is advertising. Leave it out, or an approver has to write why it may stay.",
    },
    upsell: {
      title: "Invites to buy or follow",
      help: "A service message is about what was bought already. Leave it out, or an approver has to write why it may stay.",
    },
    promotional_link: {
      title: "Link that promotes",
      help: "The address leads to a campaign, a sale or a basket. Link to help instead, or an approver has to write why it may stay.",
    },
    hidden_link: {
      title: "Shortened link",
      help: "Readers and spam filters can’t see where it leads. Use the full address.",
    },
    contact: {
      title: "Contact outside the platform",
      help: "Addresses, numbers and other apps are not allowed here. The buyer answers on the platform.",
    },
    length: { title: "Too long", help: "This channel cuts or refuses longer texts. Shorten it." },
    links: { title: "Link", help: "Links to other sites are not allowed on this channel." },
    html: { title: "HTML", help: "This channel carries plain text only." },
    attachments: { title: "Image or file", help: "Images and files are not allowed on this channel." },
    window: { title: "Too late", help: "The order is too old to be written about on this channel." },
    purposes: {
      title: "Purpose",
      help: "This channel doesn’t allow messages for this purpose, or for several at once.",
    },
  } satisfies Record<Finding["about"], About>,
  place: (line: number, column: number) => `Line ${line}, column ${column}:`,
  goTo: "Go there",
  more: (count: number) => (count === 1 ? "One more place." : `${count} more places.`),
  found: (count: number) =>
    count === 1 ? "One place is against the rules." : `${count} places are against the rules.`,
  elsewhere: (languages: string) => `There is something against the rules in ${languages} too.`,
  withValues: "With this order’s values the email says something that its text alone doesn’t:",
  quoted: (text: string) => `“${text}”`,
  since: (date: string) => `in force since ${date}`,
};
