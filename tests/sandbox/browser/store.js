// The storefront's checkout and the buttons on the order list: both press the same controls as tests do.
const PROXY = {
  tiktok: "buyer7@scs.tiktokw.us",
  amazon: "k3x9q2@marketplace.amazon.de",
  ebay: "d41f2a@members.ebay.com",
};

async function control(name, body) {
  const answer = await fetch(`/sandbox/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
}

// These change nothing that the page shows, but the app answers them.
const REQUESTS = ["data-request", "redact-customer", "redact-shop"];

async function answerOf(sent) {
  await control("settled", {});
  const ids = sent.map(({ id }) => id);
  const deliveries = (await control("deliveries", {})).filter(({ id }) => ids.includes(id));
  if (deliveries.length === 0) return "Nothing was sent: the app does not subscribe to it.";
  return deliveries
    .map(({ attempts }) => attempts.at(-1))
    .map((last) => (last?.status ? `Sent, answered ${last.status}` : `Sent, not answered: ${last?.error}`))
    .join(". ");
}

const checkout = document.querySelector("#checkout");
checkout?.elements.source.addEventListener("change", ({ target }) => {
  if (PROXY[target.value]) checkout.elements.email.value = PROXY[target.value];
});
checkout?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const result = document.querySelector("#result");
  const { email, firstName, lastName, locale, note, tags, source, company, test, unpaid, replacement } =
    checkout.elements;
  const lines = [...checkout.querySelectorAll("[data-variant]")]
    .map((input) => ({
      variantId: input.dataset.variant,
      quantity: Number(input.value),
      ...(replacement.checked ? { price: "0.00" } : {}),
    }))
    .filter(({ quantity }) => quantity > 0);
  if (lines.length === 0) {
    result.className = "error";
    result.textContent = "Choose at least one product.";
    return;
  }
  try {
    const order = await control("place-order", {
      shop: checkout.dataset.shop,
      email: email.value || null,
      firstName: firstName.value,
      lastName: lastName.value,
      locale: locale.value,
      note: note.value || null,
      tags: tags.value
        .split(",")
        .map((tag) => tag.trim())
        .filter(Boolean),
      source: source.value,
      sourceIdentifier: PROXY[source.value] ? `${source.value}-${Date.now()}` : null,
      company: company.value || null,
      test: test.checked,
      paid: !unpaid.checked,
      lines,
    });
    result.className = "good";
    result.textContent = `Thank you! Order ${order.name} is placed.`;
    for (const input of checkout.querySelectorAll("[data-variant]")) input.value = "0";
  } catch (error) {
    result.className = "error";
    result.textContent = error.message;
  }
});

// <form data-control="fulfil" data-order="…">: fields named `line:<id>` are quantities, others go as they are.
for (const form of document.querySelectorAll("form[data-control]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { control: name, ...fixed } = form.dataset;
    const body = { ...fixed };
    const lines = [];
    for (const [key, value] of new FormData(form, event.submitter)) {
      if (key.startsWith("line:")) {
        if (Number(value) > 0) lines.push({ line: key.slice(5), quantity: Number(value) });
      } else if (value !== "") body[key] = value === "true" ? true : value;
    }
    if (lines.length > 0) body[name === "edit-order" ? "remove" : "lines"] = lines;
    if (body.add) body.add = [{ variantId: body.add, quantity: 1 }];
    const address = { city: body.city, zip: body.zip, address1: body.address1 };
    if (address.city || address.zip || address.address1)
      body.address = Object.fromEntries(Object.entries(address).filter(([, value]) => value));
    const tell = (text, className) => {
      const place = form.querySelector("[role=status]") ?? form.appendChild(document.createElement("p"));
      place.setAttribute("role", "status");
      Object.assign(place, { className, textContent: text });
    };
    try {
      const done = await control(name, body);
      if (!REQUESTS.includes(name)) return location.reload();
      tell("Sent …", "good");
      tell(await answerOf(done), "good");
    } catch (error) {
      tell(error.message, "error");
    }
  });
}
