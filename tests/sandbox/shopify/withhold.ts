import { LosslessNumber } from "lossless-json";

type Json = Record<string, unknown>;

// Where each kind of protected data stands in a REST body. Country and region stay: they belong to level 1.
const WITHHELD: Record<string, string[]> = {
  name: ["first_name", "last_name", "name", "company"],
  email: ["email", "contact_email"],
  phone: ["phone"],
  address: ["address1", "address2", "city", "zip", "latitude", "longitude"],
};
const PEOPLE = ["customer", "shipping_address", "billing_address", "default_address", "destination"];

/** Removes what the app isn't approved to see, at every depth. Line items and the order keep their own names. */
export function withhold(payload: Json, approved: string[]): Json {
  const hidden = new Set(
    Object.entries(WITHHELD).flatMap(([kind, keys]) => (approved.includes(kind) ? [] : keys)),
  );
  const noPeople = !approved.includes("customer");
  const walk = (value: unknown, parent: string): unknown => {
    if (Array.isArray(value)) return value.map((each) => walk(each, parent));
    if (value === null || typeof value !== "object" || value instanceof LosslessNumber) return value;
    const person = PEOPLE.includes(parent);
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, inner]) => {
        if (noPeople && PEOPLE.includes(key)) return [];
        const contact = key === "email" || key === "contact_email" || key === "phone";
        if (hidden.has(key) && (person || (contact && parent !== "shop"))) return [];
        if (key === "order_status_url" && hidden.has("email")) return [];
        return [[key, walk(inner, key)]];
      }),
    );
  };
  return walk(payload, "") as Json;
}
