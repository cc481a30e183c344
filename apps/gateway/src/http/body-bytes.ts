/** Of a body that tells its length, so many bytes have to be there before it gets room for all: to tell a length costs nothing. */
const begunBytes = 1024 ** 2;

/**
 * The bytes of a body, which come piece by piece. Those of a large one are copied to their place as they come: the pieces are garbage
 * at once, and not kept until the last one, by when only a collection of the whole heap would give them back.
 */
export class BodyBytes {
  private pieces: Buffer[] = [];
  private length = 0;
  private whole: Buffer | null = null;

  /** @param announced the length that the body tells, and which it never exceeds; 0 where it tells none */
  constructor(private readonly announced: number) {}

  push(piece: Buffer): void {
    const end = this.length + piece.length;
    if (this.whole === null && end >= begunBytes && end <= this.announced) {
      this.whole = Buffer.allocUnsafeSlow(this.announced);
      for (let at = 0; at < this.length; at += this.pieces.shift()?.copy(this.whole, at) ?? 0);
    }
    if (this.whole) piece.copy(this.whole, this.length);
    else this.pieces.push(piece);
    this.length = end;
  }

  /** All of them, which are kept here no longer. */
  take(): Buffer {
    const { pieces, whole, length } = this;
    this.pieces = [];
    this.whole = null;
    if (whole) return whole.subarray(0, length);
    return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
  }
}
