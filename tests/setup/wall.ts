/** The same database for a test that looks at all shops' rows by SQL of its own: row level security shows nothing without a scope. */
export function overTheWall(url: string): string {
  const over = new URL(url);
  over.searchParams.set("options", "-c app.scope=tests");
  return over.href;
}
