// How marketing gives itself away, language by language. Every language is looked for in every text: a text's tag is only a
// claim. Texts come folded (see policy.reading.ts): lower case, no accents, single spaces. Only bounded repetition is used,
// so that a text is searched in time proportional to its length; a test holds this.
import type { Sign } from "#app/connectors/policies.ts";

const r = String.raw;

/** A share, a sum, and what may stand between two words of one sentence. */
const P = r`\b\d{1,3}(?:[.,]\d)? ?(?:%|percent\b|per cent\b|prozent\b|procent\b|por ?cien(?:to)?\b|por cento\b|pour ?cent\b|per cento\b|proc\.)`;
const M = r`(?:[$€£¥] ?\d{1,6}(?:[.,]\d{1,2})?|\b\d{1,6}(?:[.,]\d{1,2})? ?(?:[$€£¥]|(?:eur|euros?|usd|dollars?|gbp|pounds?|kr|kronor|kroner|sek|dkk|zl|pln|chf|reais)\b))`;
const SUM = `(?:${P}|${M})`;
const G = r`[^\n.!?]{0,40}`;
const GAP = r`[^\n.!?]{0,80}`;
/** What is saved in a kitchen or a cellar, not at the till. */
const THRIFT = r`(?! ?(?:of |on |in |an |de |d'|di |da |do |dell'|della |del |av |pa |van |op |w |na )?(?:your |the |il |la |el |l'|je |de |din |ihre[rnsm]? |der |des |am |beim )?(?:more |mehr |plus de |mas |di piu |meer )?(?:energ|electri|elektr|strom|power|water|wasser|gas\b|fuel|heat|heiz|batter|detergent|waschmittel|time|zeit|space|platz|memory|weight|eau|acqua|agua|vatten|vand|woda|wody|prad|el\b|luz|tempo|tiempo|temps|tijd|ruimte|warmte|consum|verbrauch))`;

type Phrases = Partial<Record<Sign, readonly string[]>>;

const ENGLISH: Phrases = {
  discount_code: [
    r`(?:\bfree|\boff|\bsave|discount)${G}\b(?:with|using) (?:the )?code\b`,
    r`\b(?:discount|promo|promotional|promotion|coupon|voucher|offer|savings|referral|gift)[ -]codes?\b(?! (?:printed|on the card|of your (?:gift )?card))`,
    r`\b(?:your|this|a|the|use|redeem|clip|with) (?:[a-z0-9%$]{1,12} )?coupons?\b`,
    r`\bcode:? ?["'(]?(?:save|welcome|thanks?|thankyou|summer|winter|spring|fall|autumn|sale|deal|vip|love|extra|hello|comeback|off|friends?|family|holiday|xmas|newyear|blackfriday|bfcm|cyber|next|again|loyal|member|take|get|back|free|gift|bonus|danke|merci|gracias|grazie|rabatt)[a-z]{0,12}-?\d{0,3}\b["')]?`,
    r`\bcode ["']?[a-z0-9-]{3,20}["']? (?:at (?:the )?(?:checkout|till)|in (?:your|the) (?:cart|basket)|for ${SUM}|to (?:get|save|receive) ${SUM}|on your next)`,
    r`\b(?:use|apply) (?:the |your |our )?(?:personal )?code:? ["']?[a-z]{4,15}-?\d{2}\b`,
  ],
  price_offer: [
    r`${SUM} off\b(?!-|ed\b| (?:gas|grid|the (?!(?:price|whole|entire|full|range|next|regular|list|rrp|original|sale|order)s?\b)|its? ))`,
    r`\bsave (?:up to |an extra |an additional |over |at least |another )?${SUM}${THRIFT}`,
    r`${SUM} (?:discount|savings|voucher|gift (?:card|voucher)|rebate)\b`,
    r`\bdiscount(?:ed)? (?:of|on|off|for) (?:${SUM}|your|all|every|any|our|everything|selected|future)`,
    r`\b(?:exclusive|special|loyalty|member|extra|further|welcome|customer|personal|additional|big|huge) (?:discounts?|savings|price reductions?)\b`,
    r`\bdiscounted prices?\b|\bat a discount\b|\bmoney[ -]off\b|\bcash ?back\b|\bbargains?\b|\blowest prices?\b|\bprice drops?\b`,
    r`\b(?:prices?) (?:reduced|slashed|cut) (?:by|to|on|up)`,
    r`\bhalf[ -]price\b|\bhalf off\b|\bbogo\b`,
    r`\bbuy (?:one|1|two|2|three|3),? (?:and )?(?:get|pay)\b`,
    r`\b(?:two|three|four|2|3|4) for (?:the price of|${M})`,
    r`\b2[ -]for[ -]1\b`,
    r`\bfree gift\b|\bfree (?:shipping|delivery) (?:on|for|over|when you) (?:your next|all|any|every|orders?|over|you|${M})|\bgift with (?:every |your )?purchase\b`,
    r`\b(?:special|exclusive|limited[ -]time|unbeatable|introductory|black friday|cyber monday|flash|hot|today's|weekend|holiday) (?:offers?|deals?|prices?|promotions?)\b`,
    r`\b(?:summer|winter|spring|autumn|fall|flash|clearance|black friday|cyber monday|end[ -]of[ -]season|mid[ -]season|january|boxing day|anniversary|warehouse|big|biggest|holiday|christmas) sale\b`,
    r`\b(?:now|currently|today|everything(?: is)?|items?|favou?rites?) on sale\b|\bsale (?:ends|starts|prices?|items?|is on|is live|now on)\b|\bour sale\b(?! (?:terms|cond|contract))`,
    r`\b(?:only|just|now|from) ${M} (?:instead of|until|today|this week|for a limited)`,
    r`\binstead of ${M}`,
  ],
  review_reward: [
    r`\b(?:share|tell us|leave|give us)(?: [a-z]{1,12}){0,4} (?:experience|opinion|thoughts|feedback|story|photo|think)${G}(?:\bwin\b|gift card|voucher|coupon|\breward|\bprize|\bpoints\b|free (?:gift|product|sample))`,
    r`\b(?:reviews?|ratings?|testimonials?|(?:5|five)[ -]?stars?)\b${GAP}(?:gift card|voucher|coupon|discount|${SUM} off|\breward|\bpoints\b|\bcash\b|cashback|\bprize|\bgiveaway|\bdraw\b|free (?:gift|product|sample|item)|\bgift\b|store credit|\bwin\b|chance to win|entered)`,
    r`(?:gift card|voucher|coupon|discount|\breward|loyalty points|cashback|\bprize|free (?:gift|product|sample|item)|\bgift\b|store credit|\bwin\b|thank[ -]you gift|${M}|${P} off)${G}\b(?:for|when you|if you|by|in exchange|in return|after|every time you)${G}\b(?:reviews?|rating|testimonial|(?:5|five)[ -]?stars?|rate us)\b`,
  ],
  review_request: [
    r`\bleave us (?:5|five|some) stars\b|\ba (?:short |quick |honest )?review (?:would|will|really) (?:help|mean|make)`,
    r`\b(?:leave|write|post|share|submit|give|drop|add)(?: us| me)?(?: a| an| your)?(?: [a-z0-9-]{1,12}){0,2} (?:reviews?|ratings?|testimonials?)\b`,
    r`\b(?:rate|review) (?:us\b|our (?:shop|store|product|service)|your (?:purchase|experience|new|recent))`,
    r`\brate your (?:order|product)\b|\bgive us (?:5|five)\b|(?:5|five)[ -]?stars? (?:reviews?|rating|feedback)\b(?! (?:for energy|energy))`,
    r`\bhow (?:would you rate|did we do|likely are you to recommend)\b|\btell (?:others|other customers|other buyers|your friends|the world) (?:about|what|how)\b`,
    r`\b(?:trustpilot|google reviews?|judge\.me|yotpo|loox)\b|\brecommend us (?:to|on)\b|\bsatisfaction survey\b|\btake (?:our|a|this)(?: [a-z0-9-]{1,12}){0,3} survey\b`,
    r`\b(?:loved? it|love your [a-z ]{2,30}|happy with (?:it|your [a-z ]{2,30}))\? (?:let|tell|share|leave|review)\b`,
    r`\breviews? (?:help|mean|make) (?:us|our|other|a|so|the)\b`,
  ],
  upsell: [
    r`\bneed (?:more|another)(?: [a-z]{1,14}){0,2}\? (?:order|buy|shop|get)\b`,
    r`\byou(?: might|'ll| may| could| will)(?: also| even)? (?:like|love|enjoy) (?:our|these|the|this|some)\b|\byou (?:might|may|could|will) also (?:like|love|enjoy|want|be interested)\b`,
    r`\b(?:customers?|people|others|shoppers|buyers)(?: (?:who|that) bought)?(?: [a-z]{1,12}){0,3} also (?:bought|ordered|purchased|love|loved|like)\b|\bfrequently bought together\b`,
    r`\b(?:pairs?|goes|works|looks) (?:perfectly|beautifully|great|wonderfully) with our\b|\bperfect (?:match|companion|addition) (?:for|to) your\b`,
    r`\bcomplete (?:the|your) (?:set(?! ?-?up)|look|collection|outfit|kit with)\b`,
    r`(?<!\b(?:can|to|not|must|should|you|we) )\b(?:shop|order|buy|get (?:yours|it|one)) (?:now|today)\b(?! (?:is|was|are|has))`,
    r`(?<!\b(?:the|your|our|a|this|in|at|any|to) )\bshop (?:our|the (?:range|collection|look|sale|new|full|latest|whole)|all|more|new)\b`,
    r`\b(?:discover|explore|browse|check out|have a look at|take a look at|see|view|visit) (?:all (?:of )?)?our(?: [a-z-]{1,14}){0,3} (?:collections?|range|arrivals|products|accessories|best ?-?sellers|catalogu?e?|selection|offers|deals|assortment|shop|store)\b`,
    r`\b(?:the|our) (?:brand[ -])?(?:new|latest)(?: [a-z]{1,12}){0,1} (?:collection|arrivals|range)\b|\bnew arrivals\b|\bjust landed\b`,
    r`\bupgrade (?:to|now|today|your [a-z ]{2,20} (?:to|with))(?: our| the| a)? (?:premium|pro|plus|max|deluxe|bigger|larger|newest|latest model|gold)\b`,
    r`\badd (?:a|an|our|the|one|another|some)(?: [a-z-]{1,14}){0,4} to your (?:next )?(?:order|cart|basket|purchase)\b`,
    r`\b(?:treat|spoil|reward) yourself\b|\bwhy not (?:try|add|get|order|treat|pick)\b|\btime to (?:re-?stock|stock up|re-?order)\b|\bstock up (?:on|now|today|before)\b|\b(?:don't|do not) miss (?:out|this|our)\b|\blast chance (?:to|for)\b|\bwhile (?:stocks?|supplies) lasts?\b|\b(?:for a )?limited time (?:only|offer)\b|\bfor a limited time\b`,
    r`\b(?:re-?order|restock) (?:now|today|here|yours|in one click)\b|\bsubscribe (?:and|&|\+) save\b|\brunning low\? (?:order|buy|get|stock|re)`,
    r`\b(?:sign up|subscribe|register)(?: [a-z]{1,12}){0,3} (?:for|to) (?:our|the|my)(?: [a-z]{1,12}){0,3} (?:newsletter|mailing list|emails?|sms|list|club)\b|\bjoin (?:our|the)(?: [a-z]{1,12}){0,2} (?:community|loyalty|vip|rewards?|club|newsletter|facebook|family|mailing)\b|\bfollow us on\b|\blike us on\b|\btag us\b|\bfind us on (?:instagram|facebook|tiktok|pinterest|youtube)\b`,
    r`\b(?:refer|invite|tell) (?:a friend|your friends|friends)\b|\bloyalty (?:programme|program|points|scheme|club)\b|\bearn (?:[a-z0-9]{1,8} )?points\b`,
  ],
};

const GERMAN: Phrases = {
  discount_code: [
    r`\b(?:rabatt|gutschein|aktions|vorteils|promo|coupon|spar|willkommens|werbe)-?(?:code|kode|nummer)s?\b`,
    r`\b(?:mit|nutzen sie|nutze|geben sie|verwenden sie|verwende) (?:dem |den |ihrem |ihren |unserem )?code:? ["']?(?:[a-z]{4,15}-?\d{2}|[a-z0-9]{3,15} (?:an der kasse|im warenkorb|sparen))`,
    r`\bcoupons?\b ?(?:einlosen|nutzen|sichern|fur ihr|fur dein)|\bgutschein (?:einlosen|sichern) (?:und|bei) (?:sparen|ihrer nachsten|deiner nachsten)`,
  ],
  price_offer: [
    r`\balles reduziert\b|\bblack (?:week|weeks|friday|weekend)\b`,
    r`${SUM}(?: [a-z]{1,14}){0,2} ?-?(?:rabatt|nachlass|preisnachlass|ermassigung|gutschein|gunstiger|billiger|reduziert|ersparnis|skonto)\b`,
    r`\b(?:sparen sie|spare|spart|jetzt|sichern sie sich|sichere dir)(?: (?:jetzt|bis zu|sogar|ganze|noch|heute|dir|sich)){0,3} ?${SUM}${THRIFT}`,
    r`${SUM} (?:sparen|auf alles|auf ihre nachste|auf deine nachste|auf den gesamten|auf das gesamte|auf ihren nachsten|auf deinen nachsten|auf (?:ihre |deine )?folgebestellung)`,
    r`\b(?:rabatt|nachlass|gutschein) (?:auf|von|in hohe|fur ihre nachste|fur deine nachste|fur den nachsten|uber)\b|\brabatt(?:aktion(?:en)?|wochen|tage)\b|\b(?:treue|kunden|mengen|neukunden|sonder|willkommens|exklusive[rn]?|stamm(?:kunden)?) ?-?(?:rabatt|bonus|gutschein)e?\b`,
    r`\b(?:sonder|spar|top|exklusiv|aktions|sommer|winter|tages|blitz)-?(?:angebote?|preise?|deals?)\b|\b(?:unser|unsere|unseren|exklusive[ns]?|aktuellen?|besondere[ns]?|gunstige[ns]?|tolle[ns]?|beste[n]?) angebote?n?\b|\bim angebot\b`,
    r`\b(?:schlussverkauf|ausverkauf|schnappchen|preisknaller|preissenkung|winterschlussverkauf|sommerschlussverkauf|sonderverkauf|lagerverkauf|sale)\b(?= (?:im|bei|jetzt|ist|beginnt|startet|endet|mit|auf|in unserem|bis|!)|[!-])|\bim (?:sale|schlussverkauf|ausverkauf)\b|\b(?:sommer|winter|herbst|fruhjahrs|mid-season|black-friday)-?(?:sale|schlussverkauf)\b`,
    r`\b(?:zum )?(?:halben preis|1\+1 gratis|2 zum preis von 1|3 fur 2)\b|\bstatt (?:bisher |vorher )?(?:nur )?${M}|\b(?:nur|jetzt) ${M} statt\b`,
    r`\bgratis ?-?(?:geschenk|zugabe|produkt|artikel)\b|\b(?:gratis|kostenloser|versandkostenfreie[rn]?|kostenfreier) ?-?(?:versand|lieferung) (?:auf|bei|fur|ab) (?:ihr|dein|die nachste|der nachsten|alle|allen|ihre|ihrer|jede|${M})|\bgeschenk zu (?:jeder|ihrer nachsten|deiner nachsten) bestellung\b`,
  ],
  review_reward: [
    r`\b(?:meinung|erfahrung|feedback)(?:en)?${GAP}(?:gewinn|gutschein|pramie|geschenk|verlos|rabatt)`,
    r`(?:bewertung|rezension|bewerten|sterne)${GAP}(?:gutschein|rabatt|geschenk|gratis|pramie|belohn|gewinn|verlos|punkte\b|${M}|cashback|dankeschon)`,
    r`(?:gutschein|rabatt|geschenk|pramie|belohn|gewinn|verlos|${M}|cashback|dankeschon|${P})${GAP}(?:bewertung|rezension|bewerten sie|bewertest)`,
  ],
  review_request: [
    r`\b(?:bewerten sie|bewerte|bewertet) (?:uns|unser|ihren (?:einkauf|kauf)|deinen (?:einkauf|kauf)|das produkt|den artikel|ihre bestellung|deine bestellung|jetzt)\b`,
    r`\b(?:bewertung|rezension|produktbewertung|kundenbewertung)(?:en)? (?:ab(?:zu)?geben|schreiben|zu schreiben|hinterlassen|hinterlasst|verfassen|abgeben|da lassen|dalassen)\b|\b(?:schreiben|hinterlassen|geben|verfassen) sie(?: uns)?(?: bitte)?(?: eine?)?(?: [a-z]{1,12}){0,2} (?:bewertung|rezension)|\b(?:schreib|hinterlass|gib) uns(?: bitte)?(?: eine?)?(?: [a-z]{1,12}){0,2} (?:bewertung|rezension)`,
    r`\b(?:uber|auf) (?:eine|ihre|deine)(?: [a-z]{1,12}){0,2} (?:bewertung|rezension)(?:en)?\b|\b(?:funf|5)[ -]?sterne?(?:n)?[ -]?(?:bewertung|rezension|geben)|\b(?:5|funf) sterne (?:geben|vergeben|freuen)|\bbewertungen (?:helfen|sind fur uns|unterstutzen)\b|\b(?:zufriedenheitsumfrage|kundenzufriedenheitsbefragung|weiterempfehl|weiterempfiehlst)|\bwie zufrieden (?:sind|waren|bist|warst)\b|\bempfehlen sie uns\b`,
  ],
  upsell: [
    r`\bin unserem (?:online-?)?shop (?:vorbei|um)\b|\bunseren neuheiten\b|\b(?:jetzt|gleich)(?: [a-z]{1,18}){0,2} nachbestellen\b`,
    r`\b(?:das )?(?:konnte|durfte|wird) (?:ihnen|dir|sie|dich) auch (?:gefallen|interessieren)\b|\bkonnten? (?:ihnen|dir|sie|dich) (?:auch |ebenfalls )?(?:gefallen|interessieren)\b|\b(?:kunden|andere),?(?: [a-z,]{1,14}){0,5} (?:kauften|bestellten)(?: [a-z]{1,12}){0,1} auch\b|\bwird oft zusammen gekauft\b`,
    r`\bjetzt (?:kaufen|bestellen|shoppen|zugreifen|sichern|entdecken|nachbestellen|zuschlagen|stobern)\b|\b(?:shoppen|bestellen|kaufen) sie (?:jetzt|gleich|noch heute|hier|online)\b|\b(?:bestell|kauf|shoppe|hol dir) (?:jetzt|gleich|noch heute)\b`,
    r`\b(?:entdecken|stobern|besuchen|durchstobern) sie(?: [a-z]{1,12}){0,2} (?:unser|in unser|unsere|unseren|weitere|neue)|\b(?:entdecke|stobere|durchstobere)(?: [a-z]{1,12}){0,2} (?:unser|in unser|weitere|neue)`,
    r`\b(?:unsere|die) neu(?:e|en|este|esten)(?: [a-z]{1,12}){0,1} (?:kollektion|produkte|modelle|linie|artikel|neuheiten)\b|\bunsere (?:neuheiten|bestseller)\b|\bperfekt dazu passt\b|\b(?:dazu|perfekt|ideal) pass(?:t|en)(?: [a-z]{1,12}){0,2} unser|\bvervollstandigen sie (?:ihr|ihre|ihren)\b`,
    r`\b(?:gonnen sie sich|gonn dir|verwohnen sie sich)\b|\bnur (?:fur kurze zeit|solange der vorrat|heute|noch heute|noch bis)\b|\bsolange der vorrat reicht\b|\bletzte chance\b|\bverpassen sie (?:nicht|keine)|\bnicht verpassen\b|\bzeit fur nachschub\b|\bvorrat auffullen\b`,
    r`\b(?:abonnieren|abonniere) (?:sie )?(?:jetzt )?(?:unser|den|unseren) ?(?:newsletter|kanal)|\bnewsletter (?:abonnieren|anmelden|bestellen)|\b(?:zum|fur (?:unseren|den)) newsletter\b|\bfolgen sie uns (?:auf|bei)\b|\bfolge uns (?:auf|bei)\b|\b(?:freunde|freund) (?:werben|einladen|empfehlen)\b|\bempfehlen sie uns weiter\b|\b(?:treueprogramm|treuepunkte|bonusprogramm|kundenclub)\b|\bpunkte sammeln\b`,
  ],
};

const FRENCH: Phrases = {
  discount_code: [
    r`\bcodes? (?:promo|promotionnels?|de reduction|reduction|remise|avantage|de parrainage|privilege|cadeau)\b|\bbons? de reduction\b|\bcoupon (?:de|reduction|-)`,
    r`\b(?:avec|utilisez|entrez|saisissez) (?:le |votre |notre )?code:? ["']?(?:[a-z]{4,15}-?\d{2}\b|[a-z0-9]{3,15}["']? (?:pour|au moment|lors|a la caisse|sur votre prochain))`,
  ],
  price_offer: [
    r`\b\d achetee?s? ?[=:,] ?\d`,
    r`${SUM} (?:de |d')?(?:reduction|remise|rabais|offerts?|de moins|economies?|promotion)\b|\b(?:reduction|remise|rabais|bon d'achat) (?:de|d'une? )? ?(?:${SUM}|valeur)|-${P} (?:sur|pour|de)\b|${P} sur (?:tout|toute|votre|vos|l'ensemble|la collection|une selection|le site|nos)`,
    r`\b(?:economisez|epargnez)(?: jusqu'a| plus de)? ?${SUM}${THRIFT}|\b(?:profitez|beneficiez|jouissez)${G}(?:reduction|remise|rabais|promotion|promo\b|offre|solde|prix)`,
    r`\b(?:offres?|promotions?|prix|remises?|reductions?) (?:speciale?s?|exclusi(?:f|ve)s?|exceptionnel(?:le)?s?|limitees?|flash|du moment|privilegiee?s?|reservees?|casses?|barres?|reduits?)\b|\bventes? (?:privees?|flash)\b|\ben promo(?:tion)?\b|\bsoldes?\b(?= (?:d'|de |jusqu|sur|en |ete|hiver|exception|!)|!)|\b(?:les|nos|pendant les) soldes\b|\bblack friday\b`,
    r`\b(?:livraison|frais de port) (?:gratuite|offerte?s?|offerts)(?: [a-z']{1,10}){0,2} (?:votre prochain|toutes?|des|a partir|prochaine)|\bcadeau (?:offert|gratuit)\b|\b(?:un|1|deux|2) achetee?s?,? (?:un|une|1|le 2e|la 2e|le deuxieme)|\ba moitie prix\b|\bau lieu de ${M}|\bpour (?:seulement|toute commande)${G}(?:cadeau|offert)`,
  ],
  review_reward: [
    r`\b(?:votre experience|vos impressions)${GAP}(?:gagne|cadeau|bon d'achat|tirage|reduction)`,
    r`\b(?:avis|commentaire|evaluation|temoignage|etoiles)\b${GAP}(?:bon d'achat|reduction|remise|cadeau|offert|points? (?:de )?fidel|recompens|tirage|gagne|tentez|${M}|gratuit)`,
    r`(?:bon d'achat|reduction|remise|cadeau|recompens|gagne|recevez ${SUM}|${P})${GAP}\b(?:votre avis|un avis|pour tout avis|chaque avis|commentaire|evaluation)`,
  ],
  review_request: [
    r`\b(?:laissez|laisser|donnez|donner|ecrivez|ecrire|partagez|partager|deposez|deposer|publiez|publier|redigez)(?:[ -](?:nous|moi|moi))?(?: [a-z]{1,10}){0,2} (?:avis|commentaire|evaluation|temoignage|note)\b(?! d')`,
    r`\b(?:notez|evaluez)(?:[ -]nous\b| (?:notre|votre (?:achat|commande|experience|produit)|nos|le produit))|\b(?:cinq|5) etoiles\b|\bvotre avis (?:compte|nous interesse|est important|aide)|\benquete de satisfaction\b|\brecommandez[ -](?:nous|notre)\b|\bavis (?:google|trustpilot|verifies)\b`,
  ],
  upsell: [
    r`\b(?:vous (?:aimerez|aimeriez|apprecierez|pourriez) (?:aussi|egalement|peut-etre aussi)|pourrai(?:t|ent) (?:aussi |egalement )?vous (?:plaire|interesser))\b|\b(?:les clients|ceux)(?: [a-z]{1,12}){0,5} (?:ont aussi|ont egalement) (?:achete|aime|commande)\b|\bsouvent achetes? ensemble\b`,
    r`\b(?:achetez|commandez|shoppez|craquez)(?: (?:des|pour))? ?(?:maintenant|aujourd'hui|vite|sans attendre|le votre|en ligne)\b|\bj'en profite\b`,
    r`\b(?:decouvrez|explorez|parcourez|visitez)(?: [a-z]{1,10}){0,2} (?:nos|notre|la nouvelle|toute notre|toutes nos|nouvelle) ?(?:[a-z]{1,12} ){0,2}(?:collections?|gamme|nouveautes|produits|boutique|selection|accessoires|catalogue|offres|best-sellers)\b|\b(?:notre|nos|la) nouvel(?:le|les) (?:collection|gamme|produits)\b|\bcompletez votre (?:set|collection|tenue|look|equipement)\b|\bse marie parfaitement avec (?:notre|nos)\b`,
    r`\bfaites-vous plaisir\b|\bne (?:manquez|ratez) pas\b|\bderniere chance\b|\b(?:offre|duree|temps) limitee?\b|\bjusqu'a epuisement des stocks\b|\bfaites le plein\b|\bil est temps de recommander\b`,
    r`\b(?:abonnez|inscrivez)-vous (?:a|sur) (?:notre|la|nos)\b|\bnotre (?:newsletter|infolettre|lettre d'information)\b|\b(?:suivez|rejoignez)-nous (?:sur|sur les)\b|\brejoignez (?:notre|le) (?:club|communaute|programme)\b|\bparrainez\b|\bprogramme (?:de )?fidelite\b|\bpoints (?:de )?fidelite\b`,
  ],
};

const SPANISH: Phrases = {
  discount_code: [
    r`\b(?:codigo|cupon|cupones|codigos) (?:de )?(?:descuento|promocional(?:es)?|promo|regalo|oferta)s?\b|\bcupon(?:es)?\b(?= (?:de|para|del|exclusivo|por))`,
    r`\b(?:con|usa|utiliza|introduce|aplica) (?:el |tu |este |nuestro )?codigo:? ["']?(?:[a-z]{4,15}-?\d{2}\b|[a-z0-9]{3,15}["']? (?:al pagar|en tu proxim|en el carrito|para obtener|y ahorra))`,
  ],
  price_offer: [
    r`${SUM} (?:de |en )?(?:descuento|dto\b|rebaja|ahorro|menos en)|\bdescuentos? (?:de|del|en|exclusivos?|especial(?:es)?|para|por|adicional|hasta)\b|\b(?:ahorra|ahorre)(?: hasta| un| mas de){0,2} ?${SUM}${THRIFT}|\b(?:disfruta|aprovecha|consigue|obten)${G}(?:descuento|rebaja|oferta|promocion)`,
    r`\b(?:ofertas?|promocion(?:es)?|precios?) (?:especial(?:es)?|exclusiv[ao]s?|limitad[ao]s?|flash|unic[ao]s?|irrepetibles?|de lanzamiento|rebajad[ao]s?|increibles?)\b|\b(?:en oferta|de oferta|en rebajas|las rebajas|rebajas de|nuestras ofertas|mejores ofertas|liquidacion|2x1|3x2|mitad de precio)\b|\bblack friday\b`,
    r`\benvio gratis (?:en|a partir|para|desde) (?:tu|su|todos|todas|pedidos|compras|${M}|la proxima)|\bregalo (?:gratis|con tu (?:proxima )?compra|de regalo)\b|\b(?:por|ahora) solo ${M}|\ben lugar de ${M}|\bantes ${M}`,
  ],
  review_reward: [
    r`\b(?:tu|su) experiencia${GAP}(?:regal|premio|sorteo|descuento|gana\b)`,
    r`\b(?:resenas?|opinion(?:es)?|valoracion(?:es)?|estrellas|comentarios?)\b${GAP}(?:descuento|cupon|regal|vale\b|premio|sorteo|puntos\b|gana\b|gratis|recompensa|${M})`,
    r`(?:descuento|cupon|regal|\bvale\b|premio|sorteo|puntos|\bgana\b|recompensa|${M}|${P})${GAP}\b(?:resenas?|tu opinion|una opinion|valoracion|valorarnos)\b`,
  ],
  review_request: [
    r`\b(?:deja|dejanos|dejar|escribe|escribenos|comparte|publica|danos|deje|dejenos)(?: [a-z]{1,10}){0,3} (?:resena|opinion|valoracion|comentario|estrellas)(?:es|s)?\b|\b(?:valora|valoranos|valore|puntua|puntuanos|califica|calificanos)(?: (?:tu|su|nuestro|nuestra|el|la) (?:compra|pedido|producto|experiencia|servicio|tienda))?\b(?! en (?:el|la) (?:escala|aparato))`,
    r`\b(?:cinco|5) estrellas\b|\b(?:tu|su) opinion (?:nos importa|cuenta|es (?:muy )?importante|ayuda)|\bencuesta de satisfaccion\b|\brecomienda(?:nos)? (?:a tus|a un)\b|\bcuentale a tus amigos\b`,
  ],
  upsell: [
    r`\b(?:tambien (?:te|le) (?:puede[n]?|podria[n]?) (?:gustar|interesar)|(?:te|le) (?:puede[n]?|podria[n]?|va[n]? a)(?: tambien)? (?:gustar|interesar|encantar)|quizas? te (?:guste|interese))|\b(?:clientes|otros)(?: [a-z]{1,12}){0,5} tambien (?:compraron|compran|pidieron)\b|\bcomprados juntos\b`,
    r`\b(?:compra|compralo|pide|pidelo|haz tu pedido)(?: el tuyo)? (?:ahora|hoy|ya)\b|\b(?:descubre|explora|visita|conoce|mira)(?: [a-z]{1,10}){0,2} (?:nuestra|nuestras|nuestros|nuestro|la nueva|toda la) ?(?:[a-z]{1,12} ){0,2}(?:coleccion(?:es)?|gama|novedades|productos|tienda|seleccion|accesorios|catalogo|ofertas)\b|\b(?:nuestra|la) nueva (?:coleccion|gama)\b|\bcompleta tu (?:set|coleccion|look|equipo|conjunto)\b`,
    r`\b(?:date|permitete) un (?:capricho|gusto)\b|\b(?:no te lo pierdas|no te pierdas|ultima oportunidad|tiempo limitado|hasta agotar existencias|ultimas unidades)\b|\bes hora de reponer\b`,
    r`\b(?:suscribete|registrate|apuntate) (?:a|en) (?:nuestr[oa]|la)\b|\bnuestr[oa] (?:newsletter|boletin)\b|\bsiguenos en\b|\bunete a (?:nuestr[oa]|la)\b|\binvita a (?:un|tus) amigos?\b|\bprograma de (?:fidelidad|puntos|referidos)\b`,
  ],
};

const ITALIAN: Phrases = {
  discount_code: [
    r`\b(?:codic[ei]|buono|buoni|coupon) (?:di )?(?:sconto|promo|promozional[ei]|regalo)\b|\bcoupon\b(?= (?:di|da|per|esclusiv))`,
    r`\b(?:con|usa|utilizza|inserisci) (?:il |lo |il tuo )?codice:? ["']?(?:[a-z]{4,15}-?\d{2}\b|[a-z0-9]{3,15}["']? (?:alla cassa|al checkout|nel carrello|per ottenere|e risparmia))`,
  ],
  price_offer: [
    r`${SUM} (?:di |in )?(?:sconto|risparmio|in meno)\b|\bscont[oi] (?:del|di|fino|sul|su|esclusiv[oi]|special[ei]|extra|riservat[oi]|per te)\b|\b(?:risparmia|risparmi)(?: fino (?:al|a|il)| il| piu del)? ?${SUM}${THRIFT}|\b(?:approfitta|ricevi|ottieni|goditi)${G}(?:sconto|scontat|offerta|promozion|saldi)`,
    r`\b(?:offert[ae]|promozion[ei]|prezz[oi]) (?:special[ei]|esclusiv[aoei]|limitat[ae]|lampo|imperdibil[ei]|scontat[oi]|ridott[oi])\b|\b(?:in offerta|in saldo|i saldi|saldi (?:estivi|invernali|di|fino)|in promozione|nostre offerte|sottocosto|meta prezzo|prendi 3 paghi 2|3x2|2x1)\b|\bblack friday\b`,
    r`\bspedizione gratuita (?:sul tuo prossimo|su tutt|sul prossimo|per ordini|a partire|sopra)|\b(?:omaggio|regalo) (?:con (?:il tuo|ogni) (?:prossimo )?(?:ordine|acquisto)|gratuito)\b|\b(?:a soli|solo) ${M}|\binvece di ${M}|\banziche ${M}`,
  ],
  review_reward: [
    r`\b(?:tua|vostra) esperienza${GAP}(?:omaggio|regalo|premio|sconto|buono|vinc)`,
    r`\b(?:recension[ei]|valutazion[ei]|stelle|opinion[ei])\b${GAP}(?:sconto|buono|regalo|omaggio|premio|punti\b|estrazione|vinc|gratis|${M})`,
    r`(?:sconto|\bbuono|regalo|omaggio|premio|punti|estrazione|\bvinc|${M}|${P})${GAP}\b(?:recension[ei]|la tua opinione|valutazione)\b`,
  ],
  review_request: [
    r`\b(?:lascia|lasciaci|lasciare|scrivi|scrivici|scrivere|condividi|pubblica|dacci)(?: [a-z]{1,10}){0,3} (?:recensione|valutazione|opinione|commento|stelle)\b|\b(?:valuta|recensisci|valutaci|recensiscici|votaci)(?: (?:il|la|i|le|il tuo|la tua|il nostro) )?(?:acquisto|prodotto|esperienza|servizio|ordine|negozio)?\b(?= |!|\.|$)(?! (?:se|la distanza|il rischio))`,
    r`\b(?:cinque|5) stelle\b|\bla tua opinione (?:conta|e importante|ci interessa)|\bsondaggio di soddisfazione\b|\bconsigliaci\b|\bparla di noi\b`,
  ],
  upsell: [
    r`\bun'occhiata (?:ai|alle|alla|al) nostr[oaie]\b`,
    r`\b(?:potrebbe(?:ro)? (?:anche )?(?:piacerti|interessarti|piacerle|interessarle)|ti potrebbe(?:ro)? (?:anche )?(?:piacere|interessare))\b|\b(?:chi|i clienti)(?: [a-z]{1,12}){0,5} (?:ha|hanno) (?:acquistato|comprato|ordinato) anche\b|\bspesso acquistati insieme\b`,
    r`\b(?:acquista|compra|ordina|prendi)(?: il tuo)? (?:ora|adesso|subito|oggi)\b|\b(?:scopri|esplora|visita|guarda)(?: [a-z]{1,10}){0,2} (?:la nostra|le nostre|i nostri|il nostro|la nuova|tutta la) ?(?:[a-z]{1,12} ){0,2}(?:collezion[ei]|gamma|novita|prodotti|negozio|selezione|accessori|catalogo|offerte)\b|\b(?:la nostra|la) nuova (?:collezione|gamma|linea)\b|\bcompleta (?:il tuo|la tua) (?:set|collezione|look|outfit)\b`,
    r`\b(?:concediti|regalati)\b|\b(?:non perdere|non perderti|ultima occasione|tempo limitato|fino ad esaurimento|ultimi pezzi)\b|\be ora di riordinare\b|\bfai scorta\b`,
    r`\biscriviti (?:alla|al|ora alla)(?: nostra)? (?:newsletter|nostro|club|canale)|\bnostra newsletter\b|\b(?:seguici|siamo) su (?:instagram|facebook|tiktok)\b|\bseguici\b|\bunisciti (?:al|alla)\b|\binvita un amico\b|\bprogramma (?:di )?(?:fedelta|punti)\b|\bpunti fedelta\b`,
  ],
};

const DUTCH: Phrases = {
  discount_code: [
    r`\b(?:kortings?|actie|promotie|voordeel|promo|coupon)-?(?:code|bon)(?:s|nen)?\b|\b(?:met|gebruik|vul) (?:de |jouw |je )?code:? ["']?(?:[a-z]{4,15}-?\d{2}\b|[a-z0-9]{3,15}["']? (?:bij het afrekenen|in je winkel|en bespaar))`,
  ],
  price_offer: [
    r`\b\d halen,? (?:en |is )?\d betalen\b`,
    r`${SUM} (?:extra )?(?:korting|goedkoper|voordeel)\b|\b(?:korting|kortingen) (?:op|van|tot|voor je)\b|\b(?:exclusieve|speciale|extra|flinke|hoge) korting(?:en)?\b|\b(?:bespaar|profiteer)(?: (?:nu|tot|wel|van|meteen)){0,2} ?${SUM}${THRIFT}|\bprofiteer (?:nu )?van\b`,
    r`\b(?:speciale|exclusieve|tijdelijke|scherpe|beste|onze|super) (?:aanbiedingen|aanbieding|acties|prijzen|deals?)\b|\b(?:in de aanbieding|in de uitverkoop|uitverkoop|opruiming|koopje|koopjes|halve prijs|1\+1 gratis|2 voor de prijs van 1|2e halve prijs|dagdeal|in de sale|zomersale|wintersale)\b|\bblack friday\b`,
    r`\bgratis (?:cadeau|verzending (?:bij|op|vanaf) (?:je|uw|alle|elke|bestellingen|${M}|jouw))|\b(?:nu|slechts) (?:voor )?(?:maar )?${M} (?:in plaats|i\.p\.v)|\bin plaats van ${M}|\bcadeau bij (?:je|elke|uw) (?:volgende )?bestelling\b`,
  ],
  review_reward: [
    r`\b(?:mening|ervaring)(?:en)?${GAP}(?:\bwin\b|prijs\b|korting|cadeau|waardebon)`,
    r`(?:\breviews?\b|beoordeling|recensie|sterren)${GAP}(?:korting|cadeau|bon\b|waardebon|\bwin\b|prijs\b|punten\b|gratis|beloning|${M}|maak kans)`,
    r`(?:korting|cadeau|waardebon|\bwin\b|punten|beloning|${M}|${P}|maak kans)${GAP}(?:\breview\b|beoordeling|recensie)`,
  ],
  review_request: [
    r`\b(?:schrijf|laat|geef|deel|plaats|schrijven|plaatsen|achterlaten)(?: [a-z]{1,10}){0,3} (?:review|beoordeling|recensie|sterren)\b|\b(?:review|beoordeling|recensie) (?:achter|schrijven|te schrijven|achterlaten|plaatsen)\b|\bbeoordeel (?:ons|onze|je (?:aankoop|bestelling)|uw (?:aankoop|bestelling)|het product|dit product)\b|\b(?:vijf|5) sterren\b|\b(?:jouw|je|uw) mening telt\b|\b(?:klant)?tevredenheids(?:onderzoek|enquete)\b|\bbeveel ons aan\b`,
  ],
  upsell: [
    r`\b(?:misschien vind je|dit vind je|vind je misschien|wellicht vindt u)(?: [a-z]{1,10}){0,3} (?:ook )?(?:leuk|mooi|interessant)\b|\b(?:anderen|klanten)(?: [a-z]{1,12}){0,4} (?:kochten|bestelden|bekeken) ook\b|\bvaak samen gekocht\b|\bpast perfect bij (?:onze|ons)\b`,
    r`\b(?:bestel|koop|shop|scoor) (?:nu|direct|vandaag|snel|hem nu)\b|\bshop (?:onze|de nieuwe|alle|hier)\b|\b(?:ontdek|bekijk|bezoek|shop)(?: [a-z]{1,10}){0,2} (?:onze|ons|de nieuwe|het nieuwe) ?(?:[a-z]{1,12} ){0,2}(?:collecties?|assortiment|producten|nieuwtjes|winkel|webshop|accessoires|aanbod|aanbiedingen)\b|\b(?:onze|de) nieuwe collectie\b|\bmaak je (?:set|collectie|look) compleet\b`,
    r`\b(?:verwen jezelf|trakteer jezelf|mis (?:het|deze|dit) niet|laatste kans|zolang de voorraad strekt|tijdelijk verkrijgbaar|op=op|tijd om bij te bestellen|sla je slag)\b`,
    r`\b(?:schrijf je in|meld je aan|abonneer je)(?: [a-z]{1,10}){0,2} (?:voor|op) (?:onze|de|ons)\b|\bonze nieuwsbrief\b|\bvolg ons (?:op|via)\b|\bword lid van\b|\bnodig (?:een vriend|vrienden) uit\b|\b(?:spaarpunten|spaarprogramma|loyaliteitsprogramma)\b|\bspaar punten\b`,
  ],
};

const POLISH: Phrases = {
  discount_code: [
    r`\b(?:kod(?:u|em|y|ow)?) (?:rabatowy|rabatowego|rabatowym|rabatowe|rabatowych|promocyjn[a-z]{1,4}|znizkow[a-z]{1,4})\b|\bkupon(?:u|em|y)? (?:rabatow|znizkow|promocyjn|na )|\b(?:z|uzyj|wpisz|podaj) (?:kodem|kodu|kod):? ["']?(?:[a-z]{4,15}-?\d{2}\b|[a-z0-9]{3,15}["']? (?:w koszyku|przy kasie|i odbierz|przy zamowieniu))`,
  ],
  price_offer: [
    r`${SUM} (?:rabatu|znizki|taniej|upustu)\b|\b(?:rabat|znizk[aei]|upust)(?:u|y|e|ow|i)? (?:do |na |w wysokosci |na nastepn)|\b(?:rabat|znizka|upust) -?${SUM}|\b(?:specjaln[a-z]{1,3}|wyjatkow[a-z]{1,3}|ekskluzywn[a-z]{1,3}|dodatkow[a-z]{1,3}) (?:rabat|znizk|ofert|cen|promocj)|\boszczedz(?:aj)?(?: do| nawet| az){0,2} ?${SUM}${THRIFT}`,
    r`\b(?:wyprzedaz|wyprzedazy|promocja|promocji|w promocji|przecena|przeceny|okazja cenowa|super ceny|obnizka cen|za pol ceny|2 w cenie 1|1\+1 gratis|black friday)\b|\bskorzystaj z (?:[a-z]{1,14} ){0,2}(?:oferty|promocji|rabatu|znizki|okazji)\b`,
    r`\bdarmowa dostawa (?:od|przy|na|dla) |\b(?:prezent|upominek) (?:gratis|do (?:kazdego|nastepnego) zamowienia)\b|\b(?:tylko|teraz|juz za) (?:za )?${M}|\bzamiast ${M}`,
  ],
  review_reward: [
    r`\b(?:opini[aeio]|recenzj[aeio]|ocen[aeyo]|gwiazdk)[a-z]{0,3}\b${GAP}(?:rabat|znizk|kupon|prezent|nagrod|voucher|bon\b|punkt|wygra|gratis|${M})`,
    r`(?:rabat|znizk|kupon|prezent|nagrod|voucher|\bbon\b|punkt|wygra|${M}|${P})${GAP}\b(?:za|po|jesli)${G}(?:opini|recenzj|ocen[aeie]\b)`,
  ],
  review_request: [
    r`\b(?:zostaw|napisz|wystaw|dodaj|podziel sie|zostawic|wystawic|napisac)(?: [a-z]{1,12}){0,3} (?:opini[aeo]|recenzj[aeo]|ocen[aey]|gwiazdek)\b|\bocen (?:nas|nasz|swoj|zakup|produkt|zamowienie|nasza)|\b(?:piec|5) gwiazdek\b|\btwoja opinia (?:jest|ma|pomoze|liczy)|\bankiet[aye] satysfakcji\b|\bpolec nas\b`,
  ],
  upsell: [
    r`\b(?:moze ci sie (?:tez |rowniez )?spodobac|moga ci sie (?:tez |rowniez )?spodobac|spodoba ci sie (?:tez|rowniez)|moze cie (?:tez |rowniez )?zainteresowac)\b|\b(?:inni klienci|klienci)(?: [a-z,]{1,12}){0,5} (?:kupili|kupuja|zamowili) (?:tez|rowniez|takze)\b|\bczesto kupowane razem\b`,
    r`\b(?:kup|zamow|kupuj) (?:teraz|juz dzis|dzis|juz teraz|online)\b|\b(?:odkryj|poznaj|zobacz|sprawdz|odwiedz)(?: [a-z]{1,10}){0,1} (?:nasz[aąeyę]?|nowa|nowe|cala nasza) ?(?:[a-z]{1,12} ){0,2}(?:kolekcj[aei]|oferte|nowosci|produkty|sklep|asortyment|akcesoria|bestsellery)\b|\b(?:nasza|nowa) (?:nowa )?kolekcja\b|\buzupelnij (?:swoj|swoja) (?:zestaw|kolekcj)`,
    r`\b(?:rozpiesc sie|spraw sobie prezent|nie przegap|ostatnia szansa|tylko przez ograniczony czas|do wyczerpania zapasow|ostatnie sztuki|czas uzupelnic zapas)`,
    r`\bzapisz sie (?:do|na)(?: [a-z]{1,10}){0,1} (?:newsletter|listy)|\bnasz(?:ego)? newsletter|\b(?:obserwuj nas|sledz nas|polub nas|dolacz do (?:nas|naszej|klubu))\b|\bpolec(?:aj)? (?:znajom|przyjaciol)|\bprogram(?:u|ie)? lojalnosciow`,
  ],
};

const PORTUGUESE: Phrases = {
  discount_code: [
    r`\b(?:codigos?|cupom|cupons|cupao|cupoes|vale) (?:de )?(?:desconto|promocional|promocionais|oferta)s?\b|\b(?:cupom|cupao)\b(?= [a-z]{3,15}\d)|\b(?:com|use|usa|utilize|insira) o (?:codigo|cupom|cupao):? ["']?(?:[a-z]{4,15}-?\d{2}\b|[a-z0-9]{3,15}["']? (?:no carrinho|na finalizacao|na sua proxima|e ganhe))`,
  ],
  price_offer: [
    r`${SUM} (?:de |em )?(?:desconto|off\b|reducao no preco)|\bdescontos? (?:de|em|exclusivos?|especia(?:l|is)|para|na sua|no seu|ate|extra|imperdiveis)\b|\b(?:economize|poupe|economiza)(?: ate| mais de)? ?${SUM}${THRIFT}|\b(?:aproveite|ganhe|receba|garanta)${G}(?:desconto|oferta|promocao|saldos|frete gratis|portes gratis)`,
    r`\b(?:ofertas?|promoc(?:ao|oes)|precos?) (?:especia(?:l|is)|exclusiv[ao]s?|limitad[ao]s?|relampago|imperdive(?:l|is)|unic[ao]s?|reduzid[ao]s?)\b|\b(?:em promocao|em saldo|os saldos|nossas ofertas|liquidacao|queima de estoque|leve 3 pague 2|metade do preco|black friday)\b`,
    r`\b(?:frete gratis|portes gratis|envio gratuito) (?:em|na|no|nas|para|acima|a partir) |\bbrinde (?:gratis|na sua|em todas)\b|\b(?:por apenas|agora por|so) ${M}|\bpor apenas r\$|\bem vez de ${M}`,
  ],
  review_reward: [
    r`\b(?:sua|tua) experiencia${GAP}(?:brinde|premio|desconto|sorteio|ganh[ea]\b)`,
    r`\b(?:avaliac(?:ao|oes)|opiniao|opinioes|comentario|estrelas|resenha)\b${GAP}(?:desconto|cupom|cupao|brinde|vale\b|premio|pontos\b|sorteio|ganh[ea]|gratis|recompensa|${M})`,
    r`(?:desconto|cupom|cupao|brinde|premio|pontos|sorteio|ganhe|recompensa|${M}|${P})${GAP}\b(?:avaliacao|sua opiniao|tua opiniao|resenha|avaliar-nos)\b`,
  ],
  review_request: [
    r`\b(?:deixe|deixa|deixar|escreva|escreve|partilhe|compartilhe|publique|de-nos|envie)(?: [a-z]{1,10}){0,3} (?:avaliacao|opiniao|comentario|resenha|estrelas)\b|\b(?:avalie|avalia) (?:a sua|o seu|sua|seu|a nossa|o nosso|nossa|nosso|a tua|o produto|a compra|nos|-nos)|\bavalie-nos\b|\b(?:cinco|5) estrelas\b|\b(?:sua|tua) opiniao (?:e (?:muito )?importante|conta|ajuda)|\b(?:inquerito|pesquisa) de satisfacao\b|\brecomende-nos\b|\bconte aos (?:seus )?amigos\b`,
  ],
  upsell: [
    r`\b(?:tambem (?:pode|podera|vai|podem) (?:gostar|interessar|adorar)|voce (?:tambem )?(?:pode|vai) (?:tambem )?(?:gostar|amar|adorar))\b|\b(?:clientes|quem)(?: [a-z]{1,12}){0,5} tambem (?:comprou|compraram|levou)\b|\bcomprados juntos\b`,
    r`\b(?:compre|encomende|compra|peca|garanta)(?: o seu| ja)? (?:agora|hoje|ja)\b|\b(?:descubra|conheca|explore|visite|veja)(?: [a-z]{1,10}){0,1} (?:a nossa|nossa|as nossas|os nossos|nossos|nossas|o nosso|a nova|nova) ?(?:[a-z]{1,12} ){0,2}(?:colecao|colecoes|gama|linha|novidades|produtos|loja|selecao|acessorios|catalogo|ofertas)\b|\b(?:nossa|a) nova (?:colecao|linha)\b|\bcomplete (?:o seu|a sua|seu|sua) (?:conjunto|colecao|look|kit)\b`,
    r`\b(?:mime-se|presenteie-se|nao perca|ultima oportunidade|ultima chance|tempo limitado|enquanto durarem os estoques|enquanto houver stock|ultimas unidades|hora de repor)\b`,
    r`\b(?:inscreva-se|subscreva|assine|cadastre-se)(?: [a-z]{1,10}){0,2} (?:nossa|na nossa|a nossa|nosso|newsletter)|\bnossa newsletter\b|\b(?:siga-nos|segue-nos|siga a gente)\b|\b(?:junte-se|participe) (?:ao|a nossa|do nosso|da nossa)\b|\bindique (?:um|seus) amigos?\b|\bprograma de (?:fidelidade|pontos)\b`,
  ],
};

const SWEDISH: Phrases = {
  discount_code: [
    r`\b(?:rabatt|kampanj|erbjudande|varde)-?(?:kod(?:en|er)?|kupong(?:en|er)?)\b|\b(?:med|anvand|ange) (?:koden|kod):? ["']?(?:[a-z]{4,15}-?\d{2}\b|[a-z0-9]{3,15}["']? (?:i kassan|vid kop))`,
  ],
  price_offer: [
    r`${SUM} (?:extra )?(?:rabatt|billigare)\b|\b(?:rabatt) (?:pa|upp till)\b|\b(?:exklusiv|extra|special|unik|stamkund)[a-z]{0,4} ?-?(?:rabatt(?:er)?|erbjudanden?|priser?)\b|\bspara (?:nu |upp till |hela ){0,2}${SUM}${THRIFT}`,
    r`\b(?:var|stora|sommar|vinter|mellandags|slut)-? ?rea(?:n|pris(?:er)?)?\b|\bpa rea\b|\brea(?:priser|n)\b|\b(?:vara|basta|heta|veckans|manadens|aktuella) (?:erbjudanden?|deals)\b|\b(?:kampanjpris(?:er)?|halva priset|kop 2 betala for 1|ta 3 betala for 2|utforsaljning|fyndpris|black friday)\b`,
    r`\bfri frakt (?:pa|vid|over) (?:din|nasta|alla|kop|order|${M})|\b(?:gratis )?(?:gava|present) (?:pa kopet|vid kop|till nasta)\b|\b(?:nu|endast|bara) (?:bara |endast )?${M} (?:istallet|i stallet|ord)|\bistallet for ${M}`,
  ],
  review_reward: [
    r`\b(?:vad du tycker|din asikt|din upplevelse)${GAP}(?:vinn|present|rabatt|gava)`,
    r`(?:recension|omdome|betyg|stjarnor)[a-z]{0,3}\b${GAP}(?:rabatt|present|gava|presentkort|\bvinn\b|utlottning|poang\b|belon|${M}|gratis)`,
    r`(?:rabatt|present|gava|presentkort|\bvinn\b|utlottning|poang|belon|${M}|${P})${GAP}(?:recension|omdome|betygsatt)`,
  ],
  review_request: [
    r`\b(?:skriv|lamna|ge|dela|skriva|lamna)(?: [a-z]{1,10}){0,3} (?:recension|omdome|betyg|stjarnor)\b|\bbetygsatt (?:oss|din|ditt|produkten|ditt kop|vara)|\brecensera (?:oss|din|ditt|produkten)|\b(?:fem|5) stjarnor\b|\bdin asikt ar viktig\b|\b(?:kund)?nojdhets(?:undersokning|enkat)|\brekommendera oss\b|\bvad tycker du om ditt kop\b`,
  ],
  upsell: [
    r`\b(?:kika|titta) in i? ?var[at]?\b`,
    r`\b(?:du kanske (?:ocksa |aven )?(?:gillar|ar intresserad)|kanske gillar du (?:ocksa|aven)|du kommer (?:ocksa )?att alska)\b|\bandra(?: [a-z]{1,12}){0,4} (?:kopte|bestallde) (?:ocksa|aven)\b|\bkops ofta tillsammans\b|\bpassar perfekt till (?:var|vara)\b`,
    r`\b(?:kop|bestall|handla|shoppa) (?:nu|idag|har|direkt)\b|\b(?:upptack|utforska|se|spana in|kolla in|besok|shoppa)(?: [a-z]{1,10}){0,1} (?:var|vart|vara|den nya) ?(?:[a-z]{1,12} ){0,2}(?:kollektion(?:er)?|sortiment|nyheter|produkter|butik|tillbehor|erbjudanden|bastsaljare)\b|\b(?:var|den) nya kollektion(?:en)?\b|\bkomplettera ditt (?:set|kok|utseende) med (?:var|vara)\b`,
    r`\b(?:unna dig|missa inte|sista chansen|sa langt lagret racker|under en begransad tid|begransat erbjudande|dags att fylla pa forradet|passa pa)\b`,
    r`\b(?:prenumerera pa|anmal dig till|skriv upp dig pa)(?: [a-z]{1,10}){0,1} (?:vart|nyhetsbrev|nyhetsbrevet)\b|\bvart nyhetsbrev\b|\bfolj oss pa\b|\b(?:bli medlem|ga med i var)|\b(?:varva|tipsa|bjud in) en van\b|\b(?:lojalitetsprogram|bonuspoang|kundklubb)`,
  ],
};

const DANISH: Phrases = {
  discount_code: [
    r`\b(?:rabat|kampagne|tilbuds|vaerdi)-?(?:kode[rn]?|kupon(?:en|er)?)\b|\b(?:med|brug|indtast) (?:koden|kode):? ["']?(?:[a-z]{4,15}-?\d{2}\b|[a-z0-9]{3,15}["']? (?:ved kassen|i kurven|ved betaling))`,
  ],
  price_offer: [
    r`${SUM} (?:ekstra )?(?:rabat|billigere)\b|\brabat pa\b|\b(?:eksklusiv|ekstra|saerlig|saerlige|stor|store|unikke?) (?:rabat(?:ter)?|tilbud|priser)\b|\bspar (?:nu |op til |hele ){0,2}${SUM}${THRIFT}`,
    r`\b(?:vores|stort|sommer|vinter|lager)-? ?udsalg\b|\bpa (?:udsalg|tilbud)\b|\b(?:vores|ugens|manedens|bedste|aktuelle) tilbud\b|\b(?:udsalgspris(?:er)?|tilbudspris(?:er)?|halv pris|kob 2 betal for 1|tag 3 betal for 2|slagtilbud|black friday)\b`,
    r`\bgratis (?:fragt|levering) (?:pa|ved|over) (?:din|naeste|alle|kob|ordrer|${M})|\b(?:gratis )?gave (?:ved kob|med i kobet|til naeste)\b|\b(?:nu|kun) (?:kun )?${M} (?:i stedet|for)|\bi stedet for ${M}`,
  ],
  review_reward: [
    r`\bdin (?:mening|oplevelse)${GAP}(?:vind|gave|rabat)`,
    r`(?:anmeldelse|bedommelse|stjerner)[a-z]{0,3}\b${GAP}(?:rabat|gave|gavekort|\bvind\b|lodtraekning|point\b|belon|${M}|gratis)`,
    r`(?:rabat|gave|gavekort|\bvind\b|lodtraekning|\bpoint\b|belon|${M}|${P})${GAP}(?:anmeldelse|bedommelse|anmelder)`,
  ],
  review_request: [
    r`\b(?:skriv|giv|efterlad|del|skrive|give)(?: [a-z]{1,10}){0,3} (?:anmeldelse|bedommelse|stjerner)\b|\b(?:anmeld|bedom) (?:os|dit|din|vores|produktet|kobet)|\b(?:fem|5) stjerner\b|\bdin mening (?:er vigtig|betyder)|\b(?:kunde)?tilfredsheds(?:undersogelse|maling)|\banbefal os\b`,
  ],
  upsell: [
    r`\b(?:du (?:vil )?maske ogsa (?:kunne lide|synes om)|maske kan du ogsa lide|du vil elske vores|du er maske ogsa interesseret)\b|\b(?:andre|kunder)(?: [a-z]{1,12}){0,4} (?:kobte|bestilte) ogsa\b|\bkobes ofte sammen\b|\bpasser perfekt til vores\b`,
    r`\b(?:kob|bestil|shop) (?:nu|i dag|her|straks)\b|\b(?:opdag|udforsk|se|besog|tjek|shop)(?: [a-z]{1,10}){0,1} (?:vores|den nye) ?(?:[a-z]{1,12} ){0,2}(?:kollektion(?:er)?|sortiment|nyheder|produkter|butik|tilbehor|tilbud|bestsellere)\b|\b(?:vores|den) nye kollektion\b|\bfuldend dit (?:saet|look)`,
    r`\b(?:forkael dig selv|gor noget godt for dig selv|ga ikke glip af|sidste chance|sa laenge lager haves|i en begraenset periode|begraenset tilbud|tid til at fylde op)\b`,
    r`\b(?:tilmeld dig|abonner pa)(?: [a-z]{1,10}){0,1} (?:vores|nyhedsbrev|nyhedsbrevet)\b|\bvores nyhedsbrev\b|\bfolg os pa\b|\b(?:bliv medlem|bliv en del af vores)|\binviter en ven\b|\b(?:loyalitetsprogram|bonuspoint|kundeklub)`,
  ],
};

const JAPANESE: Phrases = {
  discount_code: [
    r`(?:クーポン|割引|プロモ(?:ーション)?|優待|ディスカウント)(?:コード|番号)|クーポン(?:を(?:ご利用|お使い|プレゼント|進呈)|配布|券)`,
  ],
  price_offer: [
    r`\d{1,3} ?(?:%|パーセント) ?(?:off|オフ|引き|割引|ディスカウント)|\d{1,2}割(?:引|オフ)|\d{1,6}円 ?(?:off|オフ|引き|割引|お得)|半額|割引(?:価格|キャンペーン|セール|中|を(?:ご利用|実施))|(?:特別|お得な|限定)(?:価格|割引|オファー|セール)`,
    r`(?:セール|バーゲン|タイムセール|キャンペーン)(?:開催|実施|中|価格|品|を)|(?:送料無料)(?:キャンペーン|クーポン)|プレゼントキャンペーン|ポイント(?:\d{1,2}倍|アップ|還元)|お買い得|値下げ|大特価|特価`,
  ],
  review_reward: [
    r`(?:レビュー|口コミ|評価)[^\n。!?]{0,60}(?:プレゼント|クーポン|進呈|ポイント|割引|特典|ギフト|\d{2,6}円|差し上げ|当たる)`,
    r`(?:プレゼント|クーポン|ポイント|割引|特典|ギフト)[^\n。!?]{0,40}(?:レビュー|口コミ)`,
  ],
  review_request: [
    r`(?:レビュー|口コミ|評価)(?:を|の)?(?:ぜひ)?(?:お願い|投稿|ご投稿|書いて|お書き|記入|ご記入|お寄せ|いただけ|お聞かせ)|星(?:5つ|五つ|5)|(?:5つ星|五つ星)|アンケートに(?:ご協力|お答え)`,
  ],
  upsell: [
    r`お得な(?:セット|商品|情報)|一緒にいかが`,
    r`(?:こちら(?:の商品)?も(?:おすすめ|いかが|人気)|おすすめ(?:商品|アイテム|です)|この商品を買った人|一緒に(?:購入|買われ)|よく一緒に)|(?:今すぐ|ただいま)(?:購入|買う|注文|ご注文|チェック)|(?:新商品|新作|新着商品|コレクション)(?:を|も)(?:ご覧|チェック|見る|ぜひ)|(?:数量|期間|本日)限定|お見逃しなく|在庫限り|(?:メルマガ|メールマガジン|ニュースレター)(?:に|の|を)?(?:登録|ご登録|購読)|(?:フォロー(?:して|お願い)|友だち(?:追加|登録|紹介))|まとめ買い|定期購入(?:が|で)お得`,
  ],
};

/** What no language has a say in: addresses of people, written out. */
const ANY: Phrases = {
  contact: [
    r`[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}\.[a-z]{2,24}`,
    r`(?:\+|\b00)\d{1,3}[ ()/.-]{0,2}\d{1,4}(?:[ ()/.-]{0,2}\d{2,4}){2,4}`,
    r`\b(?:whatsapp|telegram|wechat|messenger|instagram|facebook|snapchat|signal us)\b`,
  ],
};

export const PHRASES: readonly Phrases[] = [
  ANY,
  ENGLISH,
  GERMAN,
  FRENCH,
  SPANISH,
  ITALIAN,
  DUTCH,
  POLISH,
  PORTUGUESE,
  SWEDISH,
  DANISH,
  JAPANESE,
];

const compiled = new Map<Sign, RegExp[]>();

/** All that a sign is recognised by. */
export function phrasesOf(sign: Sign): RegExp[] {
  const known = compiled.get(sign);
  if (known) return known;
  const made = PHRASES.flatMap((language) => (language[sign] ?? []).map((source) => new RegExp(source, "g")));
  compiled.set(sign, made);
  return made;
}

const PROMOTIONAL =
  /[?&](?:amp;)?utm_campaign=|\/(?:collections|pages|categories|category)\/(?:[a-z0-9-]{1,40}-)?(?:sales?|clearance|outlet|deals?|offers?|promos?|promotions?|angebote?|soldes|ofertas?|rebajas|saldi|offerte|sconti|aanbiedingen|korting|promocje|wyprzedaz|promoc(?:oes|ao)|saldos|rea|udsalg|tilbud|black-friday|cyber-monday|new-arrivals|new-in|best-?sellers?|neuheiten|nouveautes|novedades|novita)(?:-[a-z0-9-]{1,40})?(?:[/?#]|$)|\/cart(?:\/|\?|$)|[?&](?:aff|affiliate|sca_ref)=/i;
const CODED = /\/discount\/[^/?#]|[?&](?:discount|coupon|promo|voucher)(?:_?code)?=/i;
const HIDDEN =
  /^(?:https?:\/\/)?(?:www\.)?(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|buff\.ly|rebrand\.ly|cutt\.ly|rb\.gy|shorturl\.at|t\.ly|lnkd\.in)\//i;

/** What a link says by its address alone. */
export function signOfLink(url: string, sign: Sign): boolean {
  const address = url.slice(0, 2_000);
  if (sign === "promotional_link") return PROMOTIONAL.test(address);
  if (sign === "discount_code") return CODED.test(address);
  return sign === "hidden_link" && HIDDEN.test(address);
}
