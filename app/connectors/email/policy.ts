import type { ChannelPolicy } from "#app/connectors/policies.ts";

const CONSENT = {
  quote: {
    text: "The use of […] electronic mail for the purposes of direct marketing may be allowed only in respect of subscribers or users who have given their prior consent.",
    verbatim: true,
  },
  source: {
    title: "Directive 2002/58/EC, Article 13(1)",
    url: "https://eur-lex.europa.eu/eli/dir/2002/58/2009-12-19",
  },
  date: "2009-12-19",
};

const ADVERTISING = {
  quote: {
    text: "‘advertising’ means the making of a representation in any form in connection with a trade, business, craft or profession in order to promote the supply of goods or services",
    verbatim: true,
  },
  source: {
    title: "Directive 2006/114/EC, Article 2(a)",
    url: "https://eur-lex.europa.eu/eli/dir/2006/114/oj",
  },
  date: "2007-12-12",
};

/** Mail goes to buyers who never subscribed to anything: whatever advertises has no place in it. */
export const emailPolicy: ChannelPolicy = [
  {
    id: "email.discount_code",
    severity: "never",
    limit: { kind: "sign", sign: "discount_code" },
    ...CONSENT,
  },
  { id: "email.price_offer", severity: "never", limit: { kind: "sign", sign: "price_offer" }, ...CONSENT },
  {
    id: "email.review_reward",
    severity: "never",
    limit: { kind: "sign", sign: "review_reward" },
    quote: {
      text: "It is an unfair or deceptive act or practice and a violation of this part for a business to provide compensation or other incentives in exchange for […] the writing or creation of consumer reviews expressing a particular sentiment",
      verbatim: true,
    },
    source: {
      title: "16 CFR § 465.4, Buying positive or negative consumer reviews",
      url: "https://www.ecfr.gov/current/title-16/section-465.4",
    },
    date: "2024-10-21",
  },
  {
    id: "email.review_request",
    severity: "overrulable",
    limit: { kind: "sign", sign: "review_request" },
    quote: {
      text: "Asking a buyer by email to rate a purchase is direct marketing, even inside a message that is otherwise allowed, such as one with the invoice.",
      verbatim: false,
    },
    source: {
      title: "Bundesgerichtshof, judgment of 10 July 2018, VI ZR 225/17",
      url: "https://juris.bundesgerichtshof.de/cgi-bin/rechtsprechung/document.py?Gericht=bgh&Art=en&az=VI%20ZR%20225/17",
    },
    date: "2018-07-10",
  },
  { id: "email.upsell", severity: "overrulable", limit: { kind: "sign", sign: "upsell" }, ...ADVERTISING },
  {
    id: "email.promotional_link",
    severity: "overrulable",
    limit: { kind: "sign", sign: "promotional_link" },
    ...ADVERTISING,
  },
  {
    id: "email.hidden_link",
    severity: "advice",
    limit: { kind: "sign", sign: "hidden_link" },
    quote: {
      text: "Web links in the message body should be visible and easy to understand. Recipients should know what to expect when they click a link.",
      verbatim: true,
    },
    source: {
      title: "Google, Email sender guidelines",
      url: "https://support.google.com/a/answer/81126",
    },
    date: "2024-02-01",
  },
];
