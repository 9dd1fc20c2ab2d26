import { expect, test } from "vitest";
import { isWithoutTls } from "#app/platform/db/transport.ts";

test.each([
  "postgresql://a@127.0.0.1/a",
  "postgresql://a@localhost:5432/a",
  "postgresql://a@[::1]/a",
  "postgresql:///a?host=/run/postgresql",
  "postgresql://a@db.internal/a?sslmode=require",
  "postgresql://a@db.internal/a?sslmode=verify-full",
  "postgresql://a@10.0.0.4/a?application_name=x&sslmode=verify-ca",
])("%s stays on the machine or is encrypted", (url) => expect(isWithoutTls(url)).toBe(false));

test.each([
  "postgresql://a@db.internal/a",
  "postgresql://a@10.0.0.4/a",
  "postgresql://a@db.internal/a?sslmode=disable",
  "postgresql://a@db.internal/a?sslmode=prefer",
  "postgresql://a@db.internal/a?sslmode=no-verify",
  "postgresql://a@127.0.0.1/a?host=db.internal",
  "postgresql://a@127.0.0.1.example.com/a",
  "postgresql://a@localhost.example.com/a",
  "postgresql://a@db.internal/a?sslmode=verify-full&sslmode=disable",
  "postgresql://a@db.internal/a?sslmode=verify-full&sslrootcert=/no/such/file",
])("%s would leave it in the clear", (url) => expect(isWithoutTls(url)).toBe(true));
