import { json, type ActionFunctionArgs } from "@remix-run/node";
import { shopSettingsSchema } from "#app/features/shops/settings.ts";
import { linkTo } from "#app/features/messages/links.server.ts";
import { renderMail } from "#app/features/templates/render.server.ts";
import { AppError } from "#app/platform/errors.ts";
import { systemClock } from "#app/platform/clock.ts";
import { parseJson } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import { en } from "#app/ui/words/en.ts";

/** Draws a sample mail with settings that are not saved. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop } = await requireShop(request, "view");
  const input = await parseJson(request, shopSettingsSchema);
  if (!input.ok) return json({ html: null }, { status: 422 });
  const { sender, brand, footer, askHelped } = input.value;
  const words = en.settings.preview;
  const url = `https://${shop.domain}`;
  try {
    const { html } = await renderMail({
      locale: "en",
      sections: [
        {
          content: { subject: words.subject, body: words.body },
          helpedUrl: askHelped ? linkTo("helped") : undefined,
          context: {
            order: { name: words.orderName, date: systemClock().toISOString().slice(0, 10) },
            customer: { first_name: words.firstName, last_name: "" },
            line: { title: words.product, variant_title: "", quantity: 1, sku: "" },
            product: { title: words.product, url, image: "", type: "", vendor: "", metafields: {} },
            variant: { title: "", sku: "", metafields: {} },
            tracking: { company: "", number: "", url: "" },
            shop: { name: sender.name, email: sender.replyTo, url },
          },
        },
      ],
      shopName: sender.name,
      orderName: words.orderName,
      brand,
      footer,
      optOut: { url: linkTo("unsubscribe"), past: false },
    });
    return json({ html });
  } catch (error) {
    if (error instanceof AppError) return json({ html: null }, { status: error.status });
    throw error;
  }
}
