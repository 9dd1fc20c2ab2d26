export const DELIVERY_STARTERS = [
  {
    key: "made_to_order",
    purpose: "delivery",
    en: {
      name: "Made to order: what happens now",
      subject: "Your {{ line.title }} is being made: what happens now",
      body: `Hello{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %},

Thank you for your order {{ order.name }} of {{ order.date }}. Your **{{ line.title }}**{% if line.variant_title != "" %} ({{ line.variant_title }}){% endif %} is not on a shelf: we make it for you.

## What happens now

1. **We make it.** This usually takes {{ product.metafields.custom.lead_time | default: "two to three weeks" }}.
2. **We check and pack it** by hand.
3. **It is on its way.** You get a message with the tracking number as soon as the parcel leaves us.

If it takes longer than we said here, we will tell you. You need not ask.

Would you like to change something, or has your address changed? Reply to this email soon: once we have begun, some things are settled.

Warm regards
{{ shop.name }}
`,
    },
    de: {
      name: "Auf Bestellung gefertigt: So geht es weiter",
      subject: "Wir fertigen {{ line.title }} für Sie: So geht es weiter",
      body: `Hallo{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %}!

Vielen Dank für Ihre Bestellung {{ order.name }} vom {{ order.date }}. **{{ line.title }}**{% if line.variant_title != "" %} ({{ line.variant_title }}){% endif %} liegt nicht im Regal: Wir fertigen für Sie.

## So geht es weiter

1. **Wir fertigen.** Das dauert in der Regel {{ product.metafields.custom.lead_time | default: "zwei bis drei Wochen" }}.
2. **Wir prüfen und verpacken** von Hand.
3. **Ihr Paket ist unterwegs.** Sobald es uns verlässt, erhalten Sie eine Nachricht mit der Sendungsnummer.

Sollte es länger dauern als hier gesagt, melden wir uns. Sie müssen nicht nachfragen.

Möchten Sie etwas ändern oder hat sich Ihre Adresse geändert? Antworten Sie bald auf diese E-Mail: Wenn wir begonnen haben, steht manches fest.

Herzliche Grüße
{{ shop.name }}
`,
    },
  },
  {
    key: "check_on_arrival",
    purpose: "delivery",
    en: {
      name: "Large deliveries: check on arrival",
      subject: "{{ line.title }} is on its way: what to check at the door",
      body: `Hello{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %},

Your **{{ line.title }}** is on its way{% if tracking.company != "" %} with {{ tracking.company }}{% endif %}. It is large and heavy, so a little preparation helps.

[Track your delivery]({{ tracking.url }})

## Before it comes

- Measure doors, stairs and corners on the way in.
- Have a second person there. Most deliveries end at the kerb or the front door.

## While the driver is there

1. Look at the packaging from all sides. Take photos of dents, tears and wet spots.
2. Have visible damage written on the delivery note **before you sign**.
3. If it is badly damaged, you may refuse it. Tell us right away.

Damage you only see after unpacking? Keep the packaging and reply to this email with photos within a few days. We will put it right.

Warm regards
{{ shop.name }}
`,
    },
    de: {
      name: "Große Lieferungen: bei Ankunft prüfen",
      subject: "{{ line.title }} ist unterwegs: Das sollten Sie an der Tür prüfen",
      body: `Hallo{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %}!

**{{ line.title }}** ist{% if tracking.company != "" %} mit {{ tracking.company }}{% endif %} auf dem Weg zu Ihnen. Die Sendung ist groß und schwer, deshalb lohnt sich etwas Vorbereitung.

[Sendung verfolgen]({{ tracking.url }})

## Vor der Lieferung

- Messen Sie Türen, Treppen und Ecken auf dem Weg nach.
- Holen Sie sich eine zweite Person dazu. Die meisten Lieferungen enden an der Bordsteinkante oder Haustür.

## Solange die Fahrerin oder der Fahrer da ist

1. Sehen Sie sich die Verpackung von allen Seiten an. Fotografieren Sie Dellen, Risse und nasse Stellen.
2. Lassen Sie sichtbare Schäden auf dem Lieferschein vermerken, **bevor Sie unterschreiben**.
3. Bei schweren Schäden dürfen Sie die Annahme verweigern. Sagen Sie uns dann gleich Bescheid.

Einen Schaden erst nach dem Auspacken entdeckt? Heben Sie die Verpackung auf und antworten Sie innerhalb weniger Tage mit Fotos auf diese E-Mail. Wir kümmern uns darum.

Herzliche Grüße
{{ shop.name }}
`,
    },
  },
  {
    key: "fresh_delivery",
    purpose: "delivery",
    en: {
      name: "Fresh and chilled goods: be ready",
      subject: "Fresh and on its way: {{ line.title }}",
      body: `Hello{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %},

Your **{{ line.title }}** has left us chilled and well packed. Please plan to be at home, or ask a neighbour to take it in.

[Track your parcel]({{ tracking.url }})

- Open the parcel at once and put the contents in the fridge, or as the label says.
- The cooling packs may have thawed on the way. What counts is that the contents are still cool.
- If anything is warm, damaged or leaking, do not eat it. Send us a photo the same day.

{{ product.metafields.custom.storage_text }}

Will you not be there? Reply to this email, and we will see what can be done.

Warm regards
{{ shop.name }}
`,
    },
    de: {
      name: "Frisches und Gekühltes: bitte bereit sein",
      subject: "Frisch unterwegs: {{ line.title }}",
      body: `Hallo{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %}!

**{{ line.title }}** hat uns gekühlt und gut verpackt verlassen. Bitte richten Sie es so ein, dass jemand zu Hause ist oder die Nachbarn das Paket annehmen.

[Paket verfolgen]({{ tracking.url }})

- Öffnen Sie das Paket sofort und legen Sie den Inhalt in den Kühlschrank oder lagern Sie ihn, wie das Etikett es sagt.
- Die Kühlpacks dürfen unterwegs auftauen. Entscheidend ist, dass der Inhalt noch kühl ist.
- Ist etwas warm, beschädigt oder ausgelaufen, essen Sie es nicht. Schicken Sie uns noch am selben Tag ein Foto.

{{ product.metafields.custom.storage_text }}

Sie sind nicht da? Antworten Sie auf diese E-Mail, und wir sehen, was möglich ist.

Herzliche Grüße
{{ shop.name }}
`,
    },
  },
] as const;
