const digestBytes = 16;

/** Digests by place, of sixteen bytes each: as text, those of a million tasks would take a hundred megabytes. */
export class Digests {
  private readonly bytes: Buffer;

  constructor(total: number) {
    this.bytes = Buffer.alloc(total * digestBytes);
  }

  set(at: number, digest: string): void {
    this.bytes.write(digest, at * digestBytes, digestBytes, 'hex');
  }

  at(at: number): string {
    return this.bytes.toString('hex', at * digestBytes, (at + 1) * digestBytes);
  }

  isSame(at: number, other: Digests): boolean {
    const [from, to] = [at * digestBytes, (at + 1) * digestBytes];
    return this.bytes.compare(other.bytes, from, to, from, to) === 0;
  }
}
