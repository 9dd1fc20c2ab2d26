/** So many bytes and no more: who comes when they are taken waits in line. Keeps memory bounded without refusing anybody. */
export class Budget {
  #free: number;
  readonly #total: number;
  readonly #line: { bytes: number; go: () => void }[] = [];

  constructor(total: number) {
    this.#total = total;
    this.#free = total;
  }

  /** Takes `bytes` at once (undefined) or when it is our turn (a promise). */
  take(bytes: number): Promise<void> | undefined {
    const wanted = Math.min(bytes, this.#total);
    if (this.#line.length === 0 && wanted <= this.#free) {
      this.#free -= wanted;
      return undefined;
    }
    return new Promise((go) => this.#line.push({ bytes: wanted, go }));
  }

  give(bytes: number): void {
    this.#free += Math.min(bytes, this.#total);
    for (let next = this.#line[0]; next && next.bytes <= this.#free; next = this.#line[0]) {
      this.#line.shift();
      this.#free -= next.bytes;
      next.go();
    }
  }
}
