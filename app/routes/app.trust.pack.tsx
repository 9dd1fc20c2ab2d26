import type { ActionFunctionArgs } from "@remix-run/node";
import { collectPack, sealPack } from "#app/features/trust/pack.server.ts";
import { readTrust } from "#app/features/trust/trust.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { answering, requireShop } from "#app/session.server.ts";
import { renderPack } from "#app/ui/trust/packPage.tsx";
import { wordsFor } from "#app/ui/words/words.ts";

/** One archive for whoever reviews us on a merchant's behalf. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop, actor } = await requireShop(request, "evidence");
  const archive = await answering(async () => {
    const trust = await readTrust(shop, systemClock());
    const documents = renderPack({
      trust,
      shop: shop.domain,
      timeZone: shop.settings.timeZone,
      words: wordsFor("en"),
      locale: "en",
    });
    return sealPack(await collectPack(shop, trust, documents, actor));
  });
  return new Response(Buffer.from(archive), {
    headers: {
      "content-type": "application/zip",
      "content-disposition": 'attachment; filename="aftercare-evidence.zip"',
      "cache-control": "no-store",
    },
  });
}
