/** What a mail says by itself, in the buyer's language. `products` is a list of names, ready to read, or empty. */
type MailWords = {
  reason: (about: { products: string; order: string; shop: string }) => string;
  /** Where a subject turns out empty. */
  subject: (order: string) => string;
};

const WORDS: Record<string, MailWords> = {
  en: {
    reason: ({ products, order, shop }) =>
      (products
        ? `You receive this because you ordered ${products} (order ${order}) from ${shop}.`
        : `You receive this because you placed order ${order} with ${shop}.`) +
      " It is a service message about your order.",
    subject: (order) => `About your order ${order}`,
  },
  de: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Sie erhalten diese Nachricht, weil Sie bei ${shop} Folgendes bestellt haben: ${products} (Bestellung ${order}).`
        : `Sie erhalten diese Nachricht wegen Ihrer Bestellung ${order} bei ${shop}.`) +
      " Es ist eine Servicenachricht zu Ihrer Bestellung.",
    subject: (order) => `Zu Ihrer Bestellung ${order}`,
  },
  fr: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Vous recevez ce message parce que vous avez commandé ${products} (commande ${order}) chez ${shop}.`
        : `Vous recevez ce message au sujet de votre commande ${order} chez ${shop}.`) +
      " Il s’agit d’un message de service concernant votre commande.",
    subject: (order) => `À propos de votre commande ${order}`,
  },
  es: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Recibes este mensaje porque has pedido ${products} (pedido ${order}) en ${shop}.`
        : `Recibes este mensaje por tu pedido ${order} en ${shop}.`) +
      " Es un mensaje de servicio sobre tu pedido.",
    subject: (order) => `Sobre tu pedido ${order}`,
  },
  it: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Ricevi questo messaggio perché hai ordinato ${products} (ordine ${order}) da ${shop}.`
        : `Ricevi questo messaggio per il tuo ordine ${order} da ${shop}.`) +
      " È un messaggio di servizio relativo al tuo ordine.",
    subject: (order) => `Informazioni sul tuo ordine ${order}`,
  },
  nl: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Je ontvangt dit bericht omdat je ${products} (bestelling ${order}) hebt besteld bij ${shop}.`
        : `Je ontvangt dit bericht vanwege je bestelling ${order} bij ${shop}.`) +
      " Het is een servicebericht over je bestelling.",
    subject: (order) => `Over je bestelling ${order}`,
  },
  pt: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Recebe esta mensagem porque encomendou ${products} (encomenda ${order}) em ${shop}.`
        : `Recebe esta mensagem por causa da encomenda ${order} em ${shop}.`) +
      " É uma mensagem de serviço sobre a sua encomenda.",
    subject: (order) => `Sobre a sua encomenda ${order}`,
  },
  "pt-br": {
    reason: ({ products, order, shop }) =>
      (products
        ? `Você está recebendo esta mensagem porque comprou ${products} (pedido ${order}) em ${shop}.`
        : `Você está recebendo esta mensagem por causa do pedido ${order} em ${shop}.`) +
      " É uma mensagem de serviço sobre o seu pedido.",
    subject: (order) => `Sobre o seu pedido ${order}`,
  },
  sv: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Du får det här meddelandet eftersom du har beställt ${products} (order ${order}) från ${shop}.`
        : `Du får det här meddelandet på grund av din order ${order} hos ${shop}.`) +
      " Det är ett servicemeddelande om din beställning.",
    subject: (order) => `Om din order ${order}`,
  },
  da: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Du modtager denne besked, fordi du har bestilt ${products} (ordre ${order}) hos ${shop}.`
        : `Du modtager denne besked på grund af din ordre ${order} hos ${shop}.`) +
      " Det er en servicebesked om din ordre.",
    subject: (order) => `Om din ordre ${order}`,
  },
  nb: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Du mottar denne meldingen fordi du har bestilt ${products} (ordre ${order}) fra ${shop}.`
        : `Du mottar denne meldingen på grunn av ordre ${order} hos ${shop}.`) +
      " Det er en servicemelding om bestillingen din.",
    subject: (order) => `Om ordren din ${order}`,
  },
  fi: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Saat tämän viestin, koska olet tilannut: ${products} (tilaus ${order}, myyjä ${shop}).`
        : `Saat tämän viestin tilauksesi ${order} vuoksi (myyjä ${shop}).`) +
      " Tämä on tilaustasi koskeva palveluviesti.",
    subject: (order) => `Tietoa tilauksestasi ${order}`,
  },
  pl: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Otrzymujesz tę wiadomość w związku z zamówieniem ${order} w sklepie ${shop}, które obejmuje: ${products}.`
        : `Otrzymujesz tę wiadomość w związku z zamówieniem ${order} w sklepie ${shop}.`) +
      " Jest to wiadomość serwisowa dotycząca Twojego zamówienia.",
    subject: (order) => `Informacje o zamówieniu ${order}`,
  },
  ja: {
    reason: ({ products, order, shop }) =>
      (products
        ? `このメールは、${shop}で「${products}」をご注文いただいたため(注文番号 ${order})お送りしています。`
        : `このメールは、${shop}でのご注文(注文番号 ${order})についてお送りしています。`) +
      "ご注文に関するサービスのお知らせです。",
    subject: (order) => `ご注文(${order})について`,
  },
};

const ALIASES: Record<string, string> = { no: "nb", nn: "nb" };
const RIGHT_TO_LEFT = new Set([
  "ar",
  "arc",
  "ckb",
  "dv",
  "fa",
  "he",
  "iw",
  "ks",
  "ps",
  "sd",
  "ug",
  "ur",
  "yi",
]);

export type MailLanguage = { locale: string; dir: "ltr" | "rtl" };

/** The languages in which a mail's footer can speak. */
export const MAIL_LANGUAGES: readonly string[] = Object.keys(WORDS);

/** Words of the mail's own frame, and the language they are in: English where there are none for the mail's. */
export function mailWords(locale: string): MailWords & { language: string } {
  const lower = locale.toLowerCase();
  const base = lower.split("-")[0] ?? "";
  const language = [lower, base, ALIASES[base] ?? ""].find((tag) => Object.hasOwn(WORDS, tag)) ?? "en";
  return { ...(WORDS[language] as MailWords), language };
}

/** A locale that Intl accepts, and the direction it is written in. */
export function mailLanguage(tag: string): MailLanguage {
  let locale = "en";
  try {
    locale = Intl.getCanonicalLocales(tag)[0] ?? "en";
  } catch {
    // A tag of an old release that is no language: English is what the footer falls back to as well.
  }
  const { language, script } = new Intl.Locale(locale);
  const rtl = script
    ? ["Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"].includes(script)
    : RIGHT_TO_LEFT.has(language);
  return { locale, dir: rtl ? "rtl" : "ltr" };
}
