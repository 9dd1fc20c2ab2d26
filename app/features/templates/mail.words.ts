/** What a mail says by itself, in the buyer's language. `products` is a list of names, ready to read, or empty. */
type MailWords = {
  reason: (about: { products: string; order: string; shop: string }) => string;
  /** Where a subject turns out empty. */
  subject: (order: string) => string;
  /** The link, and why a warning comes although it was used before. */
  optOut: { link: string; past: string };
  /** Asked under a message that explains something. */
  helped: { question: string; yes: string; no: string };
};

const WORDS: Record<string, MailWords> = {
  en: {
    reason: ({ products, order, shop }) =>
      (products
        ? `You receive this because you ordered ${products} (order ${order}) from ${shop}.`
        : `You receive this because you placed order ${order} with ${shop}.`) +
      " It is a service message about your order.",
    subject: (order) => `About your order ${order}`,
    optOut: {
      link: "Unsubscribe",
      past: "This warning comes although you unsubscribed, because it is about your safety.",
    },
    helped: { question: "Did this help?", yes: "Yes", no: "No" },
  },
  de: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Sie erhalten diese Nachricht, weil Sie bei ${shop} Folgendes bestellt haben: ${products} (Bestellung ${order}).`
        : `Sie erhalten diese Nachricht wegen Ihrer Bestellung ${order} bei ${shop}.`) +
      " Es ist eine Servicenachricht zu Ihrer Bestellung.",
    subject: (order) => `Zu Ihrer Bestellung ${order}`,
    optOut: {
      link: "Abmelden",
      past: "Diese Warnung kommt trotz Ihrer Abmeldung, weil es um Ihre Sicherheit geht.",
    },
    helped: { question: "War das hilfreich?", yes: "Ja", no: "Nein" },
  },
  fr: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Vous recevez ce message parce que vous avez commandé ${products} (commande ${order}) chez ${shop}.`
        : `Vous recevez ce message au sujet de votre commande ${order} chez ${shop}.`) +
      " Il s’agit d’un message de service concernant votre commande.",
    subject: (order) => `À propos de votre commande ${order}`,
    optOut: {
      link: "Se désinscrire",
      past: "Cet avertissement vous parvient malgré votre désinscription, car il concerne votre sécurité.",
    },
    helped: { question: "Ce message vous a-t-il aidé ?", yes: "Oui", no: "Non" },
  },
  es: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Recibes este mensaje porque has pedido ${products} (pedido ${order}) en ${shop}.`
        : `Recibes este mensaje por tu pedido ${order} en ${shop}.`) +
      " Es un mensaje de servicio sobre tu pedido.",
    subject: (order) => `Sobre tu pedido ${order}`,
    optOut: {
      link: "Cancelar la suscripción",
      past: "Recibes esta advertencia aunque cancelaste la suscripción, porque afecta a tu seguridad.",
    },
    helped: { question: "¿Te ha servido?", yes: "Sí", no: "No" },
  },
  it: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Ricevi questo messaggio perché hai ordinato ${products} (ordine ${order}) da ${shop}.`
        : `Ricevi questo messaggio per il tuo ordine ${order} da ${shop}.`) +
      " È un messaggio di servizio relativo al tuo ordine.",
    subject: (order) => `Informazioni sul tuo ordine ${order}`,
    optOut: {
      link: "Annulla l’iscrizione",
      past: "Ricevi questo avviso anche se hai annullato l’iscrizione, perché riguarda la tua sicurezza.",
    },
    helped: { question: "Ti è stato utile?", yes: "Sì", no: "No" },
  },
  nl: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Je ontvangt dit bericht omdat je ${products} (bestelling ${order}) hebt besteld bij ${shop}.`
        : `Je ontvangt dit bericht vanwege je bestelling ${order} bij ${shop}.`) +
      " Het is een servicebericht over je bestelling.",
    subject: (order) => `Over je bestelling ${order}`,
    optOut: {
      link: "Afmelden",
      past: "Je krijgt deze waarschuwing hoewel je je hebt afgemeld, omdat het om je veiligheid gaat.",
    },
    helped: { question: "Heb je hier iets aan gehad?", yes: "Ja", no: "Nee" },
  },
  pt: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Recebe esta mensagem porque encomendou ${products} (encomenda ${order}) em ${shop}.`
        : `Recebe esta mensagem por causa da encomenda ${order} em ${shop}.`) +
      " É uma mensagem de serviço sobre a sua encomenda.",
    subject: (order) => `Sobre a sua encomenda ${order}`,
    optOut: {
      link: "Cancelar a subscrição",
      past: "Recebe este aviso apesar de ter cancelado a subscrição, porque diz respeito à sua segurança.",
    },
    helped: { question: "Esta mensagem foi útil?", yes: "Sim", no: "Não" },
  },
  "pt-br": {
    reason: ({ products, order, shop }) =>
      (products
        ? `Você está recebendo esta mensagem porque comprou ${products} (pedido ${order}) em ${shop}.`
        : `Você está recebendo esta mensagem por causa do pedido ${order} em ${shop}.`) +
      " É uma mensagem de serviço sobre o seu pedido.",
    subject: (order) => `Sobre o seu pedido ${order}`,
    optOut: {
      link: "Cancelar inscrição",
      past: "Você recebe este aviso mesmo tendo cancelado a inscrição, porque ele trata da sua segurança.",
    },
    helped: { question: "Esta mensagem ajudou?", yes: "Sim", no: "Não" },
  },
  sv: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Du får det här meddelandet eftersom du har beställt ${products} (order ${order}) från ${shop}.`
        : `Du får det här meddelandet på grund av din order ${order} hos ${shop}.`) +
      " Det är ett servicemeddelande om din beställning.",
    subject: (order) => `Om din order ${order}`,
    optOut: {
      link: "Avregistrera",
      past: "Den här varningen kommer trots att du har avregistrerat dig, eftersom den gäller din säkerhet.",
    },
    helped: { question: "Var detta till hjälp?", yes: "Ja", no: "Nej" },
  },
  da: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Du modtager denne besked, fordi du har bestilt ${products} (ordre ${order}) hos ${shop}.`
        : `Du modtager denne besked på grund af din ordre ${order} hos ${shop}.`) +
      " Det er en servicebesked om din ordre.",
    subject: (order) => `Om din ordre ${order}`,
    optOut: {
      link: "Afmeld",
      past: "Denne advarsel kommer, selvom du har afmeldt dig, fordi den handler om din sikkerhed.",
    },
    helped: { question: "Var det en hjælp?", yes: "Ja", no: "Nej" },
  },
  nb: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Du mottar denne meldingen fordi du har bestilt ${products} (ordre ${order}) fra ${shop}.`
        : `Du mottar denne meldingen på grunn av ordre ${order} hos ${shop}.`) +
      " Det er en servicemelding om bestillingen din.",
    subject: (order) => `Om ordren din ${order}`,
    optOut: {
      link: "Meld deg av",
      past: "Denne advarselen kommer selv om du har meldt deg av, fordi den gjelder sikkerheten din.",
    },
    helped: { question: "Var dette til hjelp?", yes: "Ja", no: "Nei" },
  },
  fi: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Saat tämän viestin, koska olet tilannut: ${products} (tilaus ${order}, myyjä ${shop}).`
        : `Saat tämän viestin tilauksesi ${order} vuoksi (myyjä ${shop}).`) +
      " Tämä on tilaustasi koskeva palveluviesti.",
    subject: (order) => `Tietoa tilauksestasi ${order}`,
    optOut: {
      link: "Peru viestit",
      past: "Tämä varoitus lähetetään, vaikka olet perunut viestit, koska se koskee turvallisuuttasi.",
    },
    helped: { question: "Oliko tästä apua?", yes: "Kyllä", no: "Ei" },
  },
  pl: {
    reason: ({ products, order, shop }) =>
      (products
        ? `Otrzymujesz tę wiadomość w związku z zamówieniem ${order} w sklepie ${shop}, które obejmuje: ${products}.`
        : `Otrzymujesz tę wiadomość w związku z zamówieniem ${order} w sklepie ${shop}.`) +
      " Jest to wiadomość serwisowa dotycząca Twojego zamówienia.",
    subject: (order) => `Informacje o zamówieniu ${order}`,
    optOut: {
      link: "Zrezygnuj z wiadomości",
      past: "To ostrzeżenie przychodzi mimo rezygnacji z wiadomości, ponieważ dotyczy Twojego bezpieczeństwa.",
    },
    helped: { question: "Czy to było pomocne?", yes: "Tak", no: "Nie" },
  },
  ja: {
    reason: ({ products, order, shop }) =>
      (products
        ? `このメールは、${shop}で「${products}」をご注文いただいたため(注文番号 ${order})お送りしています。`
        : `このメールは、${shop}でのご注文(注文番号 ${order})についてお送りしています。`) +
      "ご注文に関するサービスのお知らせです。",
    subject: (order) => `ご注文(${order})について`,
    optOut: {
      link: "配信を停止する",
      past: "配信を停止されていますが、安全に関わる警告のためお送りしています。",
    },
    helped: { question: "お役に立ちましたか?", yes: "はい", no: "いいえ" },
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

/** Which of these languages a tag means; null where it means none. */
export function findLanguage(locale: string): string | null {
  const lower = locale.toLowerCase();
  const base = lower.split("-")[0] ?? "";
  return [lower, base, ALIASES[base] ?? ""].find((tag) => Object.hasOwn(WORDS, tag)) ?? null;
}

/** Words of the mail's own frame, and the language they are in: English where there are none for the mail's. */
export function mailWords(locale: string): MailWords & { language: string } {
  const language = findLanguage(locale) ?? "en";
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
