// What buyers read on the pages that a mail leads to, in the languages in which a mail's own frame speaks.
import { findLanguage, mailWords } from "#app/features/templates/mail.words.ts";

type BuyerWords = {
  stop: { title: (shop: string) => string; body: (shop: string) => string; button: string };
  stopped: { title: string; body: (shop: string) => string };
  ask: (shop: string) => string;
  thanks: { title: string; body: string };
  gone: { title: string; body: string };
};

const WORDS: Record<string, BuyerWords> = {
  en: {
    stop: {
      title: (shop) => `Unsubscribe from ${shop}`,
      body: (shop) =>
        `${shop} will then send you no more messages about using and caring for what you ordered. Safety warnings still reach you.`,
      button: "Unsubscribe",
    },
    stopped: {
      title: "You are unsubscribed",
      body: (shop) => `From ${shop} only safety warnings about what you bought will reach you.`,
    },
    ask: (shop) => `Your answer goes to ${shop} and helps them write better messages.`,
    thanks: { title: "Thank you for your answer", body: "You can change it here." },
    gone: {
      title: "This link leads nowhere any more",
      body: "It is incomplete or out of date. To reach the shop, simply reply to its message.",
    },
  },
  de: {
    stop: {
      title: (shop) => `Von ${shop} abmelden`,
      body: (shop) =>
        `${shop} schickt Ihnen dann keine Nachrichten mehr zu Gebrauch und Pflege Ihrer Bestellungen. Sicherheitswarnungen erhalten Sie weiterhin.`,
      button: "Abmelden",
    },
    stopped: {
      title: "Sie sind abgemeldet",
      body: (shop) => `Von ${shop} erhalten Sie nur noch Sicherheitswarnungen zu Ihren Käufen.`,
    },
    ask: (shop) => `Ihre Antwort geht an ${shop} und hilft, bessere Nachrichten zu schreiben.`,
    thanks: { title: "Danke für Ihre Antwort", body: "Sie können sie hier ändern." },
    gone: {
      title: "Dieser Link führt nirgendwohin mehr",
      body: "Er ist unvollständig oder veraltet. Den Shop erreichen Sie, indem Sie auf seine Nachricht antworten.",
    },
  },
  fr: {
    stop: {
      title: (shop) => `Se désinscrire de ${shop}`,
      body: (shop) =>
        `${shop} ne vous enverra plus de messages sur l’utilisation et l’entretien de vos commandes. Les avertissements de sécurité vous parviendront toujours.`,
      button: "Se désinscrire",
    },
    stopped: {
      title: "Vous êtes désinscrit",
      body: (shop) => `De ${shop}, vous ne recevrez plus que les avertissements de sécurité sur vos achats.`,
    },
    ask: (shop) => `Votre réponse est transmise à ${shop} et l’aide à mieux écrire ses messages.`,
    thanks: { title: "Merci de votre réponse", body: "Vous pouvez la modifier ici." },
    gone: {
      title: "Ce lien ne mène plus nulle part",
      body: "Il est incomplet ou périmé. Pour joindre la boutique, répondez simplement à son message.",
    },
  },
  es: {
    stop: {
      title: (shop) => `Cancelar la suscripción a ${shop}`,
      body: (shop) =>
        `${shop} no te enviará más mensajes sobre el uso y el cuidado de tus pedidos. Las advertencias de seguridad te seguirán llegando.`,
      button: "Cancelar la suscripción",
    },
    stopped: {
      title: "Has cancelado la suscripción",
      body: (shop) => `De ${shop} solo recibirás advertencias de seguridad sobre tus compras.`,
    },
    ask: (shop) => `Tu respuesta llega a ${shop} y ayuda a escribir mejores mensajes.`,
    thanks: { title: "Gracias por tu respuesta", body: "Puedes cambiarla aquí." },
    gone: {
      title: "Este enlace ya no lleva a ninguna parte",
      body: "Está incompleto o ha caducado. Para contactar con la tienda, responde a su mensaje.",
    },
  },
  it: {
    stop: {
      title: (shop) => `Annulla l’iscrizione a ${shop}`,
      body: (shop) =>
        `${shop} non ti invierà più messaggi sull’uso e la cura dei tuoi ordini. Gli avvisi di sicurezza continueranno ad arrivarti.`,
      button: "Annulla l’iscrizione",
    },
    stopped: {
      title: "Iscrizione annullata",
      body: (shop) => `Da ${shop} riceverai solo avvisi di sicurezza sui tuoi acquisti.`,
    },
    ask: (shop) => `La tua risposta arriva a ${shop} e aiuta a scrivere messaggi migliori.`,
    thanks: { title: "Grazie per la risposta", body: "Puoi modificarla qui." },
    gone: {
      title: "Questo link non porta più da nessuna parte",
      body: "È incompleto o scaduto. Per contattare il negozio, rispondi al suo messaggio.",
    },
  },
  nl: {
    stop: {
      title: (shop) => `Afmelden bij ${shop}`,
      body: (shop) =>
        `${shop} stuurt je dan geen berichten meer over gebruik en onderhoud van je bestellingen. Veiligheidswaarschuwingen krijg je nog wel.`,
      button: "Afmelden",
    },
    stopped: {
      title: "Je bent afgemeld",
      body: (shop) => `Van ${shop} krijg je alleen nog veiligheidswaarschuwingen over je aankopen.`,
    },
    ask: (shop) => `Je antwoord gaat naar ${shop} en helpt om betere berichten te schrijven.`,
    thanks: { title: "Bedankt voor je antwoord", body: "Je kunt het hier wijzigen." },
    gone: {
      title: "Deze link leidt nergens meer heen",
      body: "Hij is onvolledig of verouderd. Je bereikt de winkel door op het bericht te antwoorden.",
    },
  },
  pt: {
    stop: {
      title: (shop) => `Cancelar a subscrição de ${shop}`,
      body: (shop) =>
        `${shop} deixará de lhe enviar mensagens sobre a utilização e os cuidados das suas encomendas. Os avisos de segurança continuam a chegar.`,
      button: "Cancelar a subscrição",
    },
    stopped: {
      title: "A subscrição foi cancelada",
      body: (shop) => `De ${shop} receberá apenas avisos de segurança sobre as suas compras.`,
    },
    ask: (shop) => `A sua resposta chega a ${shop} e ajuda a escrever melhores mensagens.`,
    thanks: { title: "Obrigado pela sua resposta", body: "Pode alterá-la aqui." },
    gone: {
      title: "Esta ligação já não leva a lado nenhum",
      body: "Está incompleta ou desatualizada. Para contactar a loja, responda à mensagem.",
    },
  },
  "pt-br": {
    stop: {
      title: (shop) => `Cancelar inscrição em ${shop}`,
      body: (shop) =>
        `${shop} não enviará mais mensagens sobre o uso e os cuidados dos seus pedidos. Os avisos de segurança continuam chegando.`,
      button: "Cancelar inscrição",
    },
    stopped: {
      title: "Sua inscrição foi cancelada",
      body: (shop) => `De ${shop} você receberá apenas avisos de segurança sobre suas compras.`,
    },
    ask: (shop) => `Sua resposta vai para ${shop} e ajuda a escrever mensagens melhores.`,
    thanks: { title: "Obrigado pela resposta", body: "Você pode alterá-la aqui." },
    gone: {
      title: "Este link não leva mais a lugar nenhum",
      body: "Está incompleto ou desatualizado. Para falar com a loja, responda à mensagem.",
    },
  },
  sv: {
    stop: {
      title: (shop) => `Avregistrera dig från ${shop}`,
      body: (shop) =>
        `${shop} skickar då inga fler meddelanden om användning och skötsel av det du beställt. Säkerhetsvarningar når dig fortfarande.`,
      button: "Avregistrera",
    },
    stopped: {
      title: "Du är avregistrerad",
      body: (shop) => `Från ${shop} får du bara säkerhetsvarningar om det du köpt.`,
    },
    ask: (shop) => `Ditt svar går till ${shop} och hjälper dem att skriva bättre meddelanden.`,
    thanks: { title: "Tack för ditt svar", body: "Du kan ändra det här." },
    gone: {
      title: "Den här länken leder ingenstans längre",
      body: "Den är ofullständig eller för gammal. Svara på meddelandet för att nå butiken.",
    },
  },
  da: {
    stop: {
      title: (shop) => `Afmeld beskeder fra ${shop}`,
      body: (shop) =>
        `${shop} sender dig så ikke flere beskeder om brug og pleje af det, du har bestilt. Sikkerhedsadvarsler når dig stadig.`,
      button: "Afmeld",
    },
    stopped: {
      title: "Du er afmeldt",
      body: (shop) => `Fra ${shop} får du kun sikkerhedsadvarsler om det, du har købt.`,
    },
    ask: (shop) => `Dit svar går til ${shop} og hjælper dem med at skrive bedre beskeder.`,
    thanks: { title: "Tak for dit svar", body: "Du kan ændre det her." },
    gone: {
      title: "Dette link fører ikke længere nogen steder hen",
      body: "Det er ufuldstændigt eller forældet. Svar på beskeden for at kontakte butikken.",
    },
  },
  nb: {
    stop: {
      title: (shop) => `Meld deg av hos ${shop}`,
      body: (shop) =>
        `${shop} sender deg da ingen flere meldinger om bruk og stell av det du har bestilt. Sikkerhetsadvarsler når deg fortsatt.`,
      button: "Meld deg av",
    },
    stopped: {
      title: "Du er meldt av",
      body: (shop) => `Fra ${shop} får du bare sikkerhetsadvarsler om det du har kjøpt.`,
    },
    ask: (shop) => `Svaret ditt går til ${shop} og hjelper dem å skrive bedre meldinger.`,
    thanks: { title: "Takk for svaret", body: "Du kan endre det her." },
    gone: {
      title: "Denne lenken fører ikke noe sted lenger",
      body: "Den er ufullstendig eller utdatert. Svar på meldingen for å nå butikken.",
    },
  },
  fi: {
    stop: {
      title: (shop) => `Peru viestit (${shop})`,
      body: (shop) =>
        `${shop} ei enää lähetä viestejä tilaustesi käytöstä ja hoidosta. Turvallisuusvaroitukset tulevat edelleen.`,
      button: "Peru viestit",
    },
    stopped: {
      title: "Viestit on peruttu",
      body: (shop) => `Myyjältä ${shop} saat vain ostoksiasi koskevia turvallisuusvaroituksia.`,
    },
    ask: (shop) => `Vastauksesi saa ${shop}, ja se auttaa kirjoittamaan parempia viestejä.`,
    thanks: { title: "Kiitos vastauksestasi", body: "Voit muuttaa sitä tässä." },
    gone: {
      title: "Tämä linkki ei enää johda mihinkään",
      body: "Se on puutteellinen tai vanhentunut. Tavoitat myyjän vastaamalla viestiin.",
    },
  },
  pl: {
    stop: {
      title: (shop) => `Rezygnacja z wiadomości: ${shop}`,
      body: (shop) =>
        `${shop} nie będzie już wysyłać wiadomości o używaniu i pielęgnacji zamówionych rzeczy. Ostrzeżenia o bezpieczeństwie nadal będą przychodzić.`,
      button: "Zrezygnuj z wiadomości",
    },
    stopped: {
      title: "Zrezygnowano z wiadomości",
      body: (shop) => `Od ${shop} będą przychodzić tylko ostrzeżenia dotyczące bezpieczeństwa zakupów.`,
    },
    ask: (shop) => `Odpowiedź trafi do ${shop} i pomoże pisać lepsze wiadomości.`,
    thanks: { title: "Dziękujemy za odpowiedź", body: "Można ją tutaj zmienić." },
    gone: {
      title: "Ten link już nigdzie nie prowadzi",
      body: "Jest niepełny albo nieaktualny. Ze sklepem można się skontaktować, odpowiadając na wiadomość.",
    },
  },
  ja: {
    stop: {
      title: (shop) => `${shop}からの配信を停止`,
      body: (shop) =>
        `${shop}から、ご注文品の使い方やお手入れに関するメッセージは届かなくなります。安全に関わる警告は引き続き届きます。`,
      button: "配信を停止する",
    },
    stopped: {
      title: "配信を停止しました",
      body: (shop) => `${shop}からは、ご購入品の安全に関わる警告のみが届きます。`,
    },
    ask: (shop) => `ご回答は${shop}に届き、よりよいメッセージのために役立てられます。`,
    thanks: { title: "ご回答ありがとうございます", body: "ここで変更できます。" },
    gone: {
      title: "このリンクは現在使えません",
      body: "リンクが不完全か、古くなっています。お店へのご連絡は、メッセージに返信してください。",
    },
  },
};

/** The languages of these pages: a test holds them to those of the mails. */
export const BUYER_LANGUAGES: readonly string[] = Object.keys(WORDS);

/** Words for one of them, with those that the mail itself asked with. */
export function buyerWords(
  language: string,
): BuyerWords & { helped: ReturnType<typeof mailWords>["helped"] } {
  return { ...((WORDS[language] ?? WORDS.en) as BuyerWords), helped: mailWords(language).helped };
}

/** The language that a browser asks for first, of those there are; English where there is none. */
export function languageOf(acceptLanguage: string | null): string {
  const asked = (acceptLanguage ?? "")
    .slice(0, 500)
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().split(";");
      const weight = parameters
        .find((each) => each.trim().startsWith("q="))
        ?.trim()
        .slice(2);
      return { tag, weight: weight === undefined ? 1 : Number(weight) || 0 };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return asked.map(({ tag }) => findLanguage(tag)).find((found) => found !== null) ?? "en";
}
