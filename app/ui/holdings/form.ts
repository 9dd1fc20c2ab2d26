import { RETENTION_FIELDS, type Retention } from "#app/features/privacy/retention.ts";
import type { RetentionFields } from "#app/ui/holdings/RetentionForm.tsx";

export function fieldsOf(retention: Retention): RetentionFields {
  return Object.fromEntries(
    RETENTION_FIELDS.map((field) => [field, String(retention[field])]),
  ) as RetentionFields;
}

/** What is no number must not become one: an empty field is not 0. */
export function retentionOfFields(fields: RetentionFields): Retention {
  return Object.fromEntries(
    RETENTION_FIELDS.map((field) => [
      field,
      fields[field].trim() === "" ? Number.NaN : Number(fields[field]),
    ]),
  ) as Retention;
}

/** Whether something would be kept for less time than before. */
export function isShorter(choice: Retention, before: Retention): boolean {
  return RETENTION_FIELDS.some((field) => choice[field] < before[field]);
}
