export const FAQ_STARTERS = [
  {
    key: "faq_after_buying",
    purpose: "faq",
    en: {
      name: "Questions after buying",
      subject: "Answers about your order {{ order.name }}",
      body: `Hello{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %},

Here are short answers to what people ask us most after ordering **{{ line.title }}**.

### When will it arrive?

{% if tracking.number != "" %}It is on its way{% if tracking.company != "" %} with {{ tracking.company }}{% endif %}, tracking number {{ tracking.number }}.{% else %}We will write to you with the tracking number as soon as the parcel leaves us.{% endif %}

[Track your parcel]({{ tracking.url }})

### Can I still change my order or address?

As long as it has not left us, yes. Reply to this email and mention order {{ order.name }}.

### Something is missing or broken. What now?

We are sorry. Reply with a photo, and we will send a replacement or find another solution.

### How do I return something?

Reply to this email first, and we will tell you how and where to. Please keep the packaging until you are sure.

Is your question not among them? Just reply to this email: a person reads it.

Warm regards
{{ shop.name }}
`,
    },
    de: {
      name: "Fragen nach dem Kauf",
      subject: "Antworten zu Ihrer Bestellung {{ order.name }}",
      body: `Hallo{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %}!

Hier sind kurze Antworten auf das, was wir nach der Bestellung von **{{ line.title }}** am häufigsten gefragt werden.

### Wann kommt die Lieferung an?

{% if tracking.number != "" %}Sie ist{% if tracking.company != "" %} mit {{ tracking.company }}{% endif %} unterwegs, Sendungsnummer {{ tracking.number }}.{% else %}Wir schreiben Ihnen mit der Sendungsnummer, sobald das Paket uns verlässt.{% endif %}

[Paket verfolgen]({{ tracking.url }})

### Kann ich Bestellung oder Adresse noch ändern?

Solange sie uns nicht verlassen hat, ja. Antworten Sie auf diese E-Mail und nennen Sie die Bestellung {{ order.name }}.

### Etwas fehlt oder ist beschädigt. Was nun?

Das tut uns leid. Antworten Sie mit einem Foto, und wir schicken Ersatz oder finden eine andere Lösung.

### Wie schicke ich etwas zurück?

Antworten Sie zuerst auf diese E-Mail, dann sagen wir Ihnen, wie und wohin. Heben Sie die Verpackung bitte auf, bis Sie sicher sind.

Ist Ihre Frage nicht dabei? Antworten Sie einfach auf diese E-Mail: Ein Mensch liest sie.

Herzliche Grüße
{{ shop.name }}
`,
    },
  },
  {
    key: "faq_device_trouble",
    purpose: "faq",
    en: {
      name: "Device questions: if it does not work at first",
      subject: "{{ line.title }}: if something does not work at first",
      body: `Hello{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %},

Most questions about **{{ line.title }}** have one of these answers. Please try them before you send anything back.

### It does not switch on

Charge it for at least two hours with the supplied cable, plugged straight into the wall. Then hold the power button for ten seconds.

### It does not connect

Bring it close, switch Bluetooth or Wi-Fi off and on again, and remove older pairings from the list on your phone.

### It worked, and now it does not

Reset it as the manual describes. Your settings may be lost, the device is not.

### It is damaged or smells of burning

Unplug it, do not use it again, and write to us with a photo.

{{ product.metafields.custom.faq_text }}

[Open the manual]({{ product.metafields.custom.manual_url }})

Still stuck? Reply to this email, say what you have tried, and add the number on the type plate{% if line.sku != "" %} (ours is {{ line.sku }}){% endif %}.

Warm regards
{{ shop.name }}
`,
    },
    de: {
      name: "Fragen zum Gerät: Wenn es nicht gleich funktioniert",
      subject: "{{ line.title }}: Wenn etwas nicht gleich funktioniert",
      body: `Hallo{% if customer.first_name != "" %} {{ customer.first_name }}{% endif %}!

Die meisten Fragen zu **{{ line.title }}** haben eine dieser Antworten. Bitte versuchen Sie es damit, bevor Sie etwas zurückschicken.

### Es lässt sich nicht einschalten

Laden Sie es mindestens zwei Stunden mit dem mitgelieferten Kabel direkt an der Steckdose. Halten Sie dann die Einschalttaste zehn Sekunden gedrückt.

### Es verbindet sich nicht

Gehen Sie nah heran, schalten Sie Bluetooth oder WLAN aus und wieder ein und entfernen Sie ältere Kopplungen aus der Liste Ihres Telefons.

### Es ging, und jetzt geht es nicht mehr

Setzen Sie es zurück, wie die Anleitung es beschreibt. Einstellungen gehen dabei vielleicht verloren, das Gerät nicht.

### Es ist beschädigt oder riecht verbrannt

Ziehen Sie den Stecker, benutzen Sie es nicht mehr und schreiben Sie uns mit einem Foto.

{{ product.metafields.custom.faq_text }}

[Anleitung öffnen]({{ product.metafields.custom.manual_url }})

Es hilft alles nichts? Antworten Sie auf diese E-Mail, schreiben Sie, was Sie versucht haben, und nennen Sie die Nummer auf dem Typenschild{% if line.sku != "" %} (bei uns {{ line.sku }}){% endif %}.

Herzliche Grüße
{{ shop.name }}
`,
    },
  },
] as const;
