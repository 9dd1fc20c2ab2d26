export const USAGE_STARTERS = [
  {
    key: "lithium_first_use",
    purpose: "usage",
    en: {
      name: "Lithium battery: first use",
      subject: "Before you use your {{ line.title }} for the first time",
      body: `Hello{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %},

Your **{{ line.title }}** runs on a lithium battery. A few minutes of care now will keep it safe and give it a long life.

## Before the first use

1. Let the device reach room temperature, especially if it arrived on a cold day.
2. Look it over. If the casing is dented, swollen or smells odd, do not charge it and write to us.
3. Charge it fully with the cable and charger that came with it.

## Every time you charge

- Charge at 10 to 30 °C, on a hard surface that cannot burn, and where you can see it.
- Unplug it when it is full, and do not charge it under a pillow or in the sun.
- If you put it away for weeks, leave it about half full and charge it every three months.

> **Stop using it** if it gets very hot, swells, leaks or smells. Move it outdoors if you can do so safely, keep your distance, and write to us.

An old battery does not belong in household waste. Shops that sell batteries and your local collection point take it back free of charge.

[Open the manual]({{ product.metafields.custom.manual_url }})

Questions? Just reply to this email.

Warm regards
{{ shop.name }}
`,
    },
    de: {
      name: "Lithium-Akku: erste Benutzung",
      subject: "Bevor Sie {{ line.title }} zum ersten Mal benutzen",
      body: `Hallo{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %}!

**{{ line.title }}** hat einen Lithium-Akku. Ein paar Minuten Sorgfalt am Anfang machen ihn sicher und langlebig.

## Vor der ersten Benutzung

1. Lassen Sie das Gerät Zimmertemperatur annehmen, vor allem nach einer Lieferung an einem kalten Tag.
2. Sehen Sie es sich genau an. Ist das Gehäuse verbeult oder aufgebläht oder riecht es ungewöhnlich, laden Sie es nicht und schreiben Sie uns.
3. Laden Sie es mit dem mitgelieferten Kabel und Ladegerät vollständig auf.

## Bei jedem Laden

- Laden Sie bei 10 bis 30 °C, auf einer festen, nicht brennbaren Unterlage und in Sichtweite.
- Ziehen Sie den Stecker, wenn der Akku voll ist. Laden Sie nicht unter Kissen oder in der Sonne.
- Wenn Sie das Gerät wochenlang weglegen, lassen Sie es etwa halb voll und laden Sie es alle drei Monate nach.

> **Benutzen Sie es nicht weiter**, wenn es sehr heiß wird, sich aufbläht, ausläuft oder riecht. Bringen Sie es ins Freie, wenn das gefahrlos möglich ist, halten Sie Abstand und schreiben Sie uns.

Ein alter Akku gehört nicht in den Hausmüll. Geschäfte, die Batterien verkaufen, und Ihre Sammelstelle nehmen ihn kostenlos zurück.

[Anleitung öffnen]({{ product.metafields.custom.manual_url }})

Haben Sie Fragen? Antworten Sie einfach auf diese E-Mail.

Herzliche Grüße
{{ shop.name }}
`,
    },
  },
  {
    key: "cast_iron_seasoning",
    purpose: "usage",
    en: {
      name: "Cast iron: seasoning before first use",
      subject: "Season your {{ line.title }} before you cook",
      body: `Hello{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %},

Your **{{ line.title }}** will be with you for decades. Before the first meal it needs a layer of baked-on oil, the seasoning, that keeps food from sticking and iron from rusting.

## How to season it

1. Wash it with warm water and a little soap, just this once, and dry it completely.
2. Rub a very thin layer of oil on every surface, the handle too. Wipe it off again as if you had put it on by mistake: what stays is enough.
3. Bake it upside down at 230 °C for one hour, with foil on the rack below.
4. Let it cool in the oven. Repeat two or three times for a better start.

Oils that work well: rapeseed, sunflower or grapeseed.

## After cooking

- Clean it while it is warm, with water and a brush. No dishwasher, no soaking.
- Dry it on the stove and wipe it with a drop of oil.
- Tomatoes, wine and vinegar are best left for later, when the seasoning is strong.

> **Careful:** the handle gets as hot as the pan, and it stays hot for a long time.

Questions? Just reply to this email.

Warm regards
{{ shop.name }}
`,
    },
    de: {
      name: "Gusseisen: Einbrennen vor dem ersten Kochen",
      subject: "{{ line.title }}: bitte vor dem ersten Kochen einbrennen",
      body: `Hallo{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %}!

**{{ line.title }}** wird Sie Jahrzehnte begleiten. Vor der ersten Mahlzeit braucht Gusseisen eine eingebrannte Ölschicht, die Patina: Sie verhindert, dass etwas anhängt oder rostet.

## So brennen Sie ein

1. Waschen Sie das Gusseisen mit warmem Wasser und, nur dieses eine Mal, mit etwas Spülmittel. Trocknen Sie es vollständig ab.
2. Reiben Sie alle Flächen hauchdünn mit Öl ein, auch den Griff. Wischen Sie es wieder ab, als wäre es ein Versehen gewesen: Was bleibt, genügt.
3. Backen Sie es kopfüber eine Stunde bei 230 °C, mit Alufolie auf dem Rost darunter.
4. Lassen Sie es im Ofen abkühlen. Zwei oder drei Durchgänge machen den Anfang leichter.

Gut geeignet sind Raps-, Sonnenblumen- oder Traubenkernöl.

## Nach dem Kochen

- Reinigen Sie es noch warm mit Wasser und Bürste. Keine Spülmaschine, kein Einweichen.
- Trocknen Sie es auf dem Herd und wischen Sie es mit einem Tropfen Öl aus.
- Tomaten, Wein und Essig vertragen sich erst mit einer kräftigen Patina.

> **Vorsicht:** Der Griff wird so heiß wie die Pfanne und bleibt es lange.

Haben Sie Fragen? Antworten Sie einfach auf diese E-Mail.

Herzliche Grüße
{{ shop.name }}
`,
    },
  },
  {
    key: "getting_started",
    purpose: "usage",
    en: {
      name: "Getting started with a product",
      subject: "Getting started with your {{ line.title }}",
      body: `Hello{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %},

Your **{{ line.title }}**{% if line.variant_title != "" %} ({{ line.variant_title }}){% endif %} has arrived, or is about to. Here is what helps most people at the start.

![{{ product.title }}]({{ product.image }})

1. Unpack everything and check that nothing is missing or damaged.
2. Keep the packaging until you have tried everything.
3. Read the manual's first pages before you begin.

{{ product.metafields.custom.first_steps }}

[Open the manual]({{ product.metafields.custom.manual_url }})

Is something missing, broken or unclear? Just reply to this email, with a photo if you can, and mention order {{ order.name }}.

Warm regards
{{ shop.name }}
`,
    },
    de: {
      name: "Erste Schritte mit einem Produkt",
      subject: "So beginnen Sie mit {{ line.title }}",
      body: `Hallo{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %}!

**{{ line.title }}**{% if line.variant_title != "" %} ({{ line.variant_title }}){% endif %} ist bei Ihnen angekommen oder kommt in Kürze. Das hilft den meisten am Anfang:

![{{ product.title }}]({{ product.image }})

1. Packen Sie alles aus und prüfen Sie, ob etwas fehlt oder beschädigt ist.
2. Heben Sie die Verpackung auf, bis Sie alles ausprobiert haben.
3. Lesen Sie die ersten Seiten der Anleitung, bevor Sie beginnen.

{{ product.metafields.custom.first_steps }}

[Anleitung öffnen]({{ product.metafields.custom.manual_url }})

Fehlt etwas, ist etwas defekt oder unklar? Antworten Sie einfach auf diese E-Mail, gern mit Foto, und nennen Sie die Bestellung {{ order.name }}.

Herzliche Grüße
{{ shop.name }}
`,
    },
  },
] as const;
