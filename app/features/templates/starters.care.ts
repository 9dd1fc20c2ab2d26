export const CARE_STARTERS = [
  {
    key: "orchid_care",
    purpose: "care",
    en: {
      name: "Orchids: the first weeks",
      subject: "Your {{ line.title }}: the first weeks",
      body: `Hello{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %},

Your **{{ line.title }}** has travelled in the dark. Give it a calm start and it will flower for you for months.

## The first days

- Unpack it at once and stand it in a bright place without direct sun. An east or west window is ideal.
- Keep it at 18 to 24 °C, away from radiators, draughts and ripe fruit.
- If a bud or two falls after the journey, that is normal.

## Water and food

- Once a week, stand the pot in lukewarm water for ten minutes, then let it drain fully. **Wet feet are what most orchids die of.**
- Silvery roots are thirsty, green roots have enough.
- Feed it every second week from spring to autumn, at half the dose on the label.

## After flowering

Cut the stem above the second or third node from below. With some luck it will flower again from there.

{{ product.metafields.custom.care_text }}

Does it look unwell? Reply with a photo, and we will look at it together.

Warm regards
{{ shop.name }}
`,
    },
    de: {
      name: "Orchideen: die ersten Wochen",
      subject: "{{ line.title }}: die ersten Wochen",
      body: `Hallo{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %}!

**{{ line.title }}** ist im Dunkeln gereist. Mit einem ruhigen Start blüht die Pflanze monatelang für Sie.

## Die ersten Tage

- Packen Sie sie gleich aus und stellen Sie sie hell, aber nicht in die direkte Sonne. Ideal ist ein Ost- oder Westfenster.
- Sie mag 18 bis 24 °C, fern von Heizung, Zugluft und reifem Obst.
- Wenn nach der Reise ein oder zwei Knospen abfallen, ist das normal.

## Wasser und Dünger

- Stellen Sie den Topf einmal pro Woche zehn Minuten in lauwarmes Wasser und lassen Sie ihn gut abtropfen. **An nassen Füßen sterben die meisten Orchideen.**
- Silbrige Wurzeln haben Durst, grüne haben genug.
- Düngen Sie von Frühjahr bis Herbst alle zwei Wochen mit der halben Dosis vom Etikett.

## Nach der Blüte

Schneiden Sie den Stiel über dem zweiten oder dritten Knoten von unten ab. Mit etwas Glück blüht er dort wieder.

{{ product.metafields.custom.care_text }}

Geht es der Pflanze nicht gut? Antworten Sie mit einem Foto, und wir sehen es uns gemeinsam an.

Herzliche Grüße
{{ shop.name }}
`,
    },
  },
  {
    key: "wood_oil_care",
    purpose: "care",
    en: {
      name: "Oiled wood: care",
      subject: "How to keep your {{ line.title }} beautiful",
      body: `Hello{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %},

The wood of your **{{ line.title }}** is finished with oil. It lives, breathes and ages well, if it gets a little attention now and then.

## Day by day

- Wipe it with a damp cloth and dry it afterwards. No dishwasher, no soaking, no scouring cream.
- Wipe up wine, coffee and oil soon, and use coasters under what is hot or wet.
- Keep it away from radiators and full sun, so that it neither cracks nor fades unevenly.

## Oil it two or three times a year

1. Clean it and let it dry for a day.
2. Smooth rough spots with fine sandpaper (grit 240), along the grain.
3. Spread a little wood oil with a lint-free cloth and wait 15 minutes.
4. Wipe off everything the wood has not taken in. Let it dry overnight.

> **Fire hazard:** rags soaked with oil can ignite by themselves. Spread them out to dry outdoors, or keep them in water in a closed metal tin until you dispose of them.

{{ product.metafields.custom.care_text }}

Questions? Just reply to this email.

Warm regards
{{ shop.name }}
`,
    },
    de: {
      name: "Geöltes Holz: Pflege",
      subject: "So bleibt {{ line.title }} schön",
      body: `Hallo{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %}!

Das Holz von **{{ line.title }}** ist geölt. Es lebt, atmet und altert schön, wenn es ab und zu etwas Aufmerksamkeit bekommt.

## Im Alltag

- Wischen Sie es feucht ab und trocknen Sie es nach. Keine Spülmaschine, kein Einweichen, keine Scheuermilch.
- Wischen Sie Wein, Kaffee und Öl bald auf und legen Sie unter Heißes und Nasses einen Untersetzer.
- Halten Sie es fern von Heizung und praller Sonne, damit es nicht reißt oder ungleichmäßig ausbleicht.

## Zwei- bis dreimal im Jahr ölen

1. Reinigen Sie es und lassen Sie es einen Tag trocknen.
2. Glätten Sie raue Stellen mit feinem Schleifpapier (Körnung 240) in Faserrichtung.
3. Verteilen Sie etwas Holzöl mit einem fusselfreien Tuch und warten Sie 15 Minuten.
4. Wischen Sie alles ab, was das Holz nicht aufgenommen hat. Lassen Sie es über Nacht trocknen.

> **Brandgefahr:** Ölgetränkte Lappen können sich selbst entzünden. Trocknen Sie sie ausgebreitet im Freien oder bewahren Sie sie bis zur Entsorgung mit Wasser in einer geschlossenen Blechdose auf.

{{ product.metafields.custom.care_text }}

Haben Sie Fragen? Antworten Sie einfach auf diese E-Mail.

Herzliche Grüße
{{ shop.name }}
`,
    },
  },
  {
    key: "wool_care",
    purpose: "care",
    en: {
      name: "Wool: washing and storing",
      subject: "Caring for your {{ line.title }}",
      body: `Hello{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %},

Wool cleans itself better than you might think. Treated gently, your **{{ line.title }}** will stay with you for many winters.

- **Air it rather than wash it.** A night by the open window is often enough.
- Wash it by hand or in the wool cycle, cold to 30 °C, with wool detergent and no softener.
- Do not wring it. Roll it in a towel, press, and let it dry lying flat, away from sun and heating.
- Pilling in the first weeks is normal. Lift the little balls off with a wool comb.
- Store it clean and folded, with cedar wood or lavender against moths.

Always follow the label sewn into it, should it say something else.

{{ product.metafields.custom.care_text }}

Questions? Just reply to this email.

Warm regards
{{ shop.name }}
`,
    },
    de: {
      name: "Wolle: waschen und aufbewahren",
      subject: "So pflegen Sie {{ line.title }}",
      body: `Hallo{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %}!

Wolle reinigt sich besser von selbst, als man denkt. Gut behandelt begleitet **{{ line.title }}** Sie viele Winter.

- **Lüften statt waschen.** Eine Nacht am offenen Fenster genügt oft.
- Waschen Sie von Hand oder im Wollwaschgang, kalt bis 30 °C, mit Wollwaschmittel und ohne Weichspüler.
- Nicht auswringen. In ein Handtuch rollen, ausdrücken und liegend trocknen, fern von Sonne und Heizung.
- Knötchen in den ersten Wochen sind normal. Nehmen Sie sie mit einem Wollkamm ab.
- Bewahren Sie Wolle sauber und gefaltet auf, mit Zedernholz oder Lavendel gegen Motten.

Sagt das eingenähte Etikett etwas anderes, dann gilt das Etikett.

{{ product.metafields.custom.care_text }}

Haben Sie Fragen? Antworten Sie einfach auf diese E-Mail.

Herzliche Grüße
{{ shop.name }}
`,
    },
  },
] as const;
