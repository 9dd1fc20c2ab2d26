// The inside of a backup: for each table a line that names it, then its rows as PostgreSQL's binary COPY gives them; at last the manifest.
import { createHash } from "node:crypto";
import { z } from "zod";
import { damaged } from "#app/platform/backup/container.ts";
import { ByteReader } from "#app/platform/backup/reader.ts";

const tableSchema = z.object({ name: z.string(), columns: z.array(z.string()) });

export const manifestSchema = z.object({
  /** Rows by table. */
  rows: z.record(z.string(), z.number().int().nonnegative()),
  /** SHA-256 of all that comes before the manifest. */
  hash: z.string(),
});
export type Manifest = z.infer<typeof manifestSchema>;

export type Frame =
  | { kind: "table"; table: z.infer<typeof tableSchema> }
  | { kind: "rows"; bytes: Buffer }
  | { kind: "end"; manifest: Manifest };

const MARKS = { table: 1, rows: 2, end: 3 } as const;
const MOST_BYTES = 1024 * 1024 * 1024;

/** Writes frames, the manifest of which is made here. */
export class FrameWriter {
  private readonly hash = createHash("sha256");
  readonly rows: Record<string, number> = {};

  table(name: string, columns: string[]): Buffer {
    return this.write(MARKS.table, Buffer.from(JSON.stringify({ name, columns })));
  }

  data(bytes: Buffer): Buffer {
    return this.write(MARKS.rows, bytes);
  }

  end(): { bytes: Buffer; manifest: Manifest } {
    const manifest = { rows: this.rows, hash: this.hash.copy().digest("hex") };
    return { bytes: this.write(MARKS.end, Buffer.from(JSON.stringify(manifest))), manifest };
  }

  private write(mark: number, body: Buffer): Buffer {
    const head = Buffer.alloc(5);
    head.writeUInt8(mark);
    head.writeUInt32BE(body.length, 1);
    const frame = Buffer.concat([head, body]);
    this.hash.update(frame);
    return frame;
  }
}

/** @throws AppError invalid when what is inside is not what was written */
export async function* readFrames(plain: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  const reader = new ByteReader(plain);
  const hash = createHash("sha256");
  for (;;) {
    const head = await reader.take(5);
    const size = head?.readUInt32BE(1) ?? MOST_BYTES + 1;
    const body = size <= MOST_BYTES ? await reader.take(size) : null;
    if (!head || !body) throw damaged("The backup is cut short: its end is missing.");
    const mark = head.readUInt8();
    if (mark === MARKS.end) {
      const manifest = manifestSchema.parse(JSON.parse(body.toString("utf8")));
      if (manifest.hash !== hash.digest("hex"))
        throw damaged("The backup is damaged: its hash does not fit.");
      // Reads on to the end of the stream, where a file that was cut short would show.
      await reader.upTo(1);
      yield { kind: "end", manifest };
      return;
    }
    hash.update(head).update(body);
    if (mark === MARKS.table)
      yield { kind: "table", table: tableSchema.parse(JSON.parse(body.toString("utf8"))) };
    else yield { kind: "rows", bytes: body };
  }
}
