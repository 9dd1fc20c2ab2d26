import { randomBytes } from "node:crypto";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openKeyring } from "#app/platform/crypto/keyring.ts";
import { keyringSchema } from "#app/platform/env.ts";
import { log } from "#app/platform/log.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "aftercare-keyring-"));
  file = join(folder, "keyring");
});
afterEach(() => rm(folder, { recursive: true }));

const secret = () => randomBytes(32).toString("base64");
const put = async (text: string) => {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
};
const open = (NODE_ENV: "production" | "test" = "test") =>
  openKeyring({ KEYRING: undefined, KEYRING_FILE: file, NODE_ENV });

describe("a keyring", () => {
  test("is read one key a line, or parted by commas", () => {
    const [one, two] = [secret(), secret()];
    for (const text of [`k2:${two}\nk1:${one}\n`, ` k2:${two} , k1:${one}`, `\r\nk2:${two}\r\n\r\nk1:${one}`])
      expect(keyringSchema.parse(text).map(({ id, key }) => `${id}:${key.toString("base64")}`)).toEqual([
        `k2:${two}`,
        `k1:${one}`,
      ]);
  });

  test("with nothing in it, a double id or a double key is refused", () => {
    const one = secret();
    for (const text of ["", "\n", `k1:${one},k1:${secret()}`, `k1:${one},k2:${one}`, `K1:${one}`, `:${one}`])
      expect(keyringSchema.safeParse(text).success).toBe(false);
  });

  test("that is damaged is refused without a word of it", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.nat(),
        fc.constantFrom("!", " ", "é"),
        (key, at, strange) => {
          const text = Buffer.from(key).toString("base64");
          const place = at % text.length;
          const damaged = `k1:${text.slice(0, place)}${strange}${text.slice(place + 1)}x`;
          const { error } = keyringSchema.safeParse(damaged);
          const said = JSON.stringify(error?.issues);
          expect(error).toBeDefined();
          for (let start = 0; start + 6 <= text.length; start += 1)
            expect(said).not.toContain(text.slice(start, start + 6));
        },
      ),
    );
  });
});

describe("a keyring's file", () => {
  test("is read anew when it changes: a rotation needs no restart", async () => {
    const [one, two] = [secret(), secret()];
    await put(`k1:${one}`);
    const keyring = await open();
    const wrapped = await keyring.wrap("k1", "here", Buffer.from("key"));
    await put(`k2:${two}\nk1:${one}`);
    expect(await keyring.ids()).toEqual(["k2", "k1"]);
    expect((await keyring.unwrap("k1", "here", wrapped)).toString()).toBe("key");
    await put(`k2:${two}`);
    await expect(keyring.unwrap("k1", "here", wrapped)).rejects.toThrow("the keyring has no key k1");
  });

  test("that is gone, damaged or the demo's while it is in use changes nothing, and is told once", async () => {
    const told = vi.spyOn(log, "error").mockImplementation(() => undefined);
    const one = secret();
    await put(`k1:${one}`);
    const keyring = await open("production");
    for (const text of [`k2:${secret().slice(3)}`, `demo1:${secret()}`]) {
      await put(text);
      expect([await keyring.ids(), await keyring.ids()]).toEqual([["k1"], ["k1"]]);
    }
    await rm(file);
    expect(await keyring.ids()).toEqual(["k1"]);
    expect(told.mock.calls.map(([line]) => line)).toEqual([
      expect.stringMatching(/^KEYRING_FILE: must be id:base64.*remain in use$/),
      expect.stringMatching(/^KEYRING_FILE: has a key that was generated for the demo/),
      expect.stringMatching(/^KEYRING_FILE: cannot be read \(ENOENT\)/),
    ]);
    told.mockRestore();
  });

  test("that is no keyring at the start is refused with a sentence", async () => {
    await expect(open()).rejects.toThrow("KEYRING_FILE: cannot be read (ENOENT)");
    await put("k1:nothing");
    await expect(open()).rejects.toThrow(/^KEYRING_FILE: must be/);
    await put(`demo1:${secret()}`);
    await expect(open("production")).rejects.toThrow(/generated for the demo/);
    expect(await (await open()).ids()).toEqual(["demo1"]);
  });
});
