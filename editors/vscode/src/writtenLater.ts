// A value whose writing takes a while, such as a setting. It knows nothing of what it is written to.

/**
 * Reads as what was last asked for until that is written. Writes are made one after another; one that a later one
 * made pointless is left out. A write that fails rejects for the one who asked for it, and the next is made anyway.
 */
export class WrittenLater<Value> {
  private wanted: { readonly value: Value } | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly write: (value: Value) => PromiseLike<void>) {}

  /** What is being written; nothing where what was last asked for is written. */
  get pending(): Value | undefined {
    return this.wanted?.value;
  }

  async set(value: Value): Promise<void> {
    const wanted = { value };
    this.wanted = wanted;
    const writing = this.last.then(async () => {
      if (this.wanted === wanted) {
        await this.write(value);
      }
    });
    this.last = writing.catch(() => undefined); // It is told to its own caller, below.
    try {
      await writing;
    } finally {
      if (this.wanted === wanted) {
        this.wanted = undefined;
      }
    }
  }
}
