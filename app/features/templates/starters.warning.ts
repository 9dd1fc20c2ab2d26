export const WARNING_STARTERS = [
  {
    key: "epoxy_two_component",
    purpose: "warning",
    en: {
      name: "Epoxy resin: read before mixing",
      subject: "Read before you mix: {{ line.title }}",
      body: `Hello{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %},

**{{ line.title }}** is a two-component resin. Mixed well it is a pleasure to work with. Before it has cured, it can irritate skin, eyes and airways and cause a lasting allergy, so please read this before you open the bottles.

## Protect yourself

- Wear nitrile gloves (not latex), safety glasses and long sleeves.
- Work in a well-aired room, away from food, children and animals.
- On your skin: wash it off with soap and water at once. Never use solvent.
- In your eyes: rinse with water for several minutes, remove contact lenses, and see a doctor.

## Mix it right

1. Use the mixing ratio on the label, and measure it. Never guess.
2. Stir slowly for as long as the label says, scraping sides and bottom.
3. Mix small amounts. **A full cup left standing can get hot enough to smoke.** Pour it out flat in good time.

> Resin and hardener are hazardous waste while they are liquid. Only fully cured leftovers may go into household waste.

[Open the safety data sheet]({{ product.metafields.custom.safety_data_sheet_url }})

If you feel unwell, seek medical advice and take the label with you. For anything else, just reply to this email.

Warm regards
{{ shop.name }}
`,
    },
    de: {
      name: "Epoxidharz: vor dem Mischen lesen",
      subject: "Vor dem Mischen lesen: {{ line.title }}",
      body: `Hallo{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %}!

**{{ line.title }}** ist ein Zwei-Komponenten-Harz. Richtig gemischt lässt es sich wunderbar verarbeiten. Solange es nicht ausgehärtet ist, kann es Haut, Augen und Atemwege reizen und eine bleibende Allergie auslösen. Lesen Sie deshalb bitte dies, bevor Sie die Flaschen öffnen.

## Schützen Sie sich

- Tragen Sie Nitrilhandschuhe (kein Latex), Schutzbrille und lange Ärmel.
- Arbeiten Sie in einem gut gelüfteten Raum, fern von Lebensmitteln, Kindern und Tieren.
- Auf der Haut: sofort mit Seife und Wasser abwaschen, niemals mit Lösungsmittel.
- In den Augen: mehrere Minuten mit Wasser spülen, Kontaktlinsen entfernen, ärztlichen Rat holen.

## Mischen Sie richtig

1. Halten Sie das Mischungsverhältnis auf dem Etikett ein und messen Sie ab. Nie nach Gefühl.
2. Rühren Sie langsam und so lange, wie das Etikett sagt, auch an Rand und Boden.
3. Mischen Sie kleine Mengen. **Ein voller Becher kann beim Stehen so heiß werden, dass er raucht.** Gießen Sie ihn rechtzeitig flach aus.

> Flüssiges Harz und flüssiger Härter sind Sondermüll. Nur vollständig ausgehärtete Reste gehören in den Hausmüll.

[Sicherheitsdatenblatt öffnen]({{ product.metafields.custom.safety_data_sheet_url }})

Wenn Sie sich unwohl fühlen, holen Sie ärztlichen Rat ein und nehmen Sie das Etikett mit. Bei allem anderen antworten Sie einfach auf diese E-Mail.

Herzliche Grüße
{{ shop.name }}
`,
    },
  },
  {
    key: "candle_safety",
    purpose: "warning",
    en: {
      name: "Candles: burning safely",
      subject: "Please read before you light your {{ line.title }}",
      body: `Hello{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %},

Before you light your **{{ line.title }}**, please take a minute for these few rules.

> **Never leave a burning candle alone,** and keep it away from children, animals and anything that can catch fire.

- Trim the wick to 5 mm each time. A long wick smokes and makes the glass too hot.
- Stand it on a level surface that can bear heat, out of draughts, 10 cm from the next candle.
- The first time, let it burn until the whole surface is liquid. It will then burn evenly.
- Put it out after four hours at most, and let it set before you light it again.
- Do not move it while the wax is liquid, and never put it out with water.
- Stop when 1 cm of wax is left at the bottom.

Questions? Just reply to this email.

Warm regards
{{ shop.name }}
`,
    },
    de: {
      name: "Kerzen: sicher abbrennen",
      subject: "Bitte vor dem Anzünden lesen: {{ line.title }}",
      body: `Hallo{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %}!

Bevor Sie **{{ line.title }}** anzünden, nehmen Sie sich bitte eine Minute für diese wenigen Regeln.

> **Lassen Sie eine brennende Kerze nie allein** und halten Sie sie fern von Kindern, Tieren und allem, was Feuer fangen kann.

- Kürzen Sie den Docht jedes Mal auf 5 mm. Ein langer Docht rußt und macht das Glas zu heiß.
- Stellen Sie sie auf eine ebene, hitzefeste Fläche, ohne Zugluft und 10 cm von der nächsten Kerze entfernt.
- Lassen Sie sie beim ersten Mal brennen, bis die ganze Oberfläche flüssig ist. Dann brennt sie gleichmäßig ab.
- Löschen Sie sie nach höchstens vier Stunden und lassen Sie das Wachs fest werden, bevor Sie sie wieder anzünden.
- Bewegen Sie sie nicht, solange das Wachs flüssig ist, und löschen Sie nie mit Wasser.
- Hören Sie auf, wenn nur noch 1 cm Wachs am Boden ist.

Haben Sie Fragen? Antworten Sie einfach auf diese E-Mail.

Herzliche Grüße
{{ shop.name }}
`,
    },
  },
] as const;
