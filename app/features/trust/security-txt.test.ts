import { expect, test } from "vitest";
import { securityTxt } from "#app/features/trust/security-txt.ts";

test("says all that RFC 9116 asks for, and never lasts longer than a year", () => {
  for (let day = 0; day < 800; day++) {
    const now = new Date(Date.UTC(2026, 0, 1, 13) + day * 86_400_000);
    const lines = securityTxt({ appUrl: "https://app.test/sub", email: "help@app.test", now }).split("\n");
    const field = (name: string) =>
      lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
    expect(field("Contact")).toEqual(["mailto:help@app.test", "https://app.test/security"]);
    expect(field("Canonical")).toEqual(["https://app.test/.well-known/security.txt"]);
    expect(field("Policy")).toEqual(["https://app.test/security"]);
    expect(field("Preferred-Languages")).toEqual(["en"]);
    const [expires = ""] = field("Expires");
    const days = (Date.parse(expires) - now.getTime()) / 86_400_000;
    expect(days).toBeGreaterThan(120);
    expect(days).toBeLessThan(365);
    expect(lines.at(-1)).toBe("");
  }
});
