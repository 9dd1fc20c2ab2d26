import type { LoaderFunctionArgs } from "@remix-run/node";
import { notFound, requireShop } from "#app/session.server.ts";

/** Any address under /app that is no page. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireShop(request);
  throw notFound();
}

export default function Nothing() {
  return null;
}
