/** Takes bytes off a stream in the sizes that are asked for. */
export class ByteReader {
  private readonly source: AsyncIterator<Buffer>;
  private held: Buffer[] = [];
  private size = 0;

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** Exactly so many bytes, or null when the stream ends before. */
  async take(bytes: number): Promise<Buffer | null> {
    const taken = await this.upTo(bytes);
    return taken.length === bytes ? taken : null;
  }

  /** So many bytes, or what is left. */
  async upTo(bytes: number): Promise<Buffer> {
    while (this.size < bytes) {
      const { done, value } = await this.source.next();
      if (done) break;
      this.held.push(value);
      this.size += value.length;
    }
    const all = this.held.length === 1 ? this.held[0]! : Buffer.concat(this.held);
    const taken = all.subarray(0, bytes);
    const rest = all.subarray(taken.length);
    this.held = rest.length > 0 ? [rest] : [];
    this.size = rest.length;
    return taken;
  }
}
