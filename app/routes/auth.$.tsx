import { ShopifyError } from "@shopify/shopify-api";
import { redirect, type LoaderFunctionArgs } from "@remix-run/node";
import { authenticate } from "#app/shopify.server.ts";

/** Shopify's library answers by throwing responses; what it refuses with an error of its own is no page of ours. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { pathname } = new URL(request.url);
  // Nobody is asked for a shop's address: the landing page leads whoever names one into the app.
  if (pathname === "/auth/login") throw redirect("/");
  try {
    await authenticate.admin(request);
  } catch (error) {
    if (error instanceof Error && error.constructor === ShopifyError)
      throw new Response(null, { status: 404 });
    throw error;
  }
  return null;
}
