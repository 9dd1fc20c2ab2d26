import { v7 } from "uuid";

/** A new row id (uuidv7: sorted by time). For rows whose id must be known before they are written, as sealing binds it. */
export function newId(): string {
  return v7();
}

/** Before every id there can be: where a walk by ids begins. */
export const BEFORE_ALL = "00000000-0000-0000-0000-000000000000";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a URL's piece can be a row id at all; anything else is simply not found. */
export function isId(text: string | undefined): text is string {
  return text !== undefined && uuid.test(text);
}
