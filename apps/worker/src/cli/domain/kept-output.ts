const headBytesMax = 4 * 1024;
const tailBytesMax = 12 * 1024;
/** Escapes of colours and movements stay; what is no text is shown as a sign for it. */
const controlCharacters = /[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]/g;

/**
 * The beginning and the end of what a command writes to one stream, in bounded memory however much comes. What is between them
 * is counted and forgotten.
 */
export class KeptOutput {
  bytes = 0;
  private head = Buffer.alloc(0);
  /** A ring: the oldest byte stands at `next` once it is full. */
  private readonly ring = Buffer.alloc(tailBytesMax);
  private next = 0;
  private held = 0;

  push(chunk: Buffer): void {
    this.bytes += chunk.length;
    let rest = chunk;
    if (this.head.length < headBytesMax) {
      const taken = rest.subarray(0, headBytesMax - this.head.length);
      this.head = Buffer.concat([this.head, taken]);
      rest = rest.subarray(taken.length);
    }
    this.keepTail(rest);
  }

  /** What is kept, as text of at most so many bytes, and how many bytes are not in it. */
  textOf(bytesMax: number): { text: string; dropped: number } {
    const tail = Buffer.concat([this.ring.subarray(this.next, this.held), this.ring.subarray(0, this.next)]);
    const isWhole = this.head.length + tail.length === this.bytes;
    if (isWhole && this.bytes <= bytesMax) return { text: readable(Buffer.concat([this.head, tail])), dropped: 0 };
    const whole = isWhole ? Buffer.concat([this.head, tail]) : null;
    const headShare = Math.floor(bytesMax / 4);
    const head = untilWholeCharacter((whole ?? this.head).subarray(0, headShare));
    const end = whole ?? tail;
    const from = Math.max(whole ? head.length : 0, end.length - (bytesMax - headShare));
    const last = fromWholeCharacter(end.subarray(from));
    const dropped = this.bytes - head.length - last.length;
    return { text: `${readable(head)}${leftOut(dropped)}${readable(last)}`, dropped };
  }

  private keepTail(bytes: Buffer): void {
    const kept = bytes.subarray(Math.max(0, bytes.length - tailBytesMax));
    const untilEnd = kept.subarray(0, tailBytesMax - this.next);
    untilEnd.copy(this.ring, this.next);
    kept.copy(this.ring, 0, untilEnd.length);
    this.next = (this.next + kept.length) % tailBytesMax;
    this.held = Math.min(tailBytesMax, this.held + kept.length);
  }
}

/** What stands between the beginning and the end of an output. */
export function leftOut(bytes: number): string {
  return `\n… ${bytes} bytes left out …\n`;
}

/** Bytes as text: what is no UTF-8 becomes the sign for that. */
export function readable(bytes: Buffer): string {
  return bytes.toString('utf8').replace(controlCharacters, (character) => signOf(character.charCodeAt(0)));
}

function signOf(code: number): string {
  return code === 0x7f ? '\u2421' : String.fromCharCode(0x2400 + code);
}

/** Without the beginning of a character at the end whose rest is cut off. */
function untilWholeCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    return back < lengthBy(byte) ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** Without the rest of a character at the beginning whose first byte is cut off. */
function fromWholeCharacter(bytes: Buffer): Buffer {
  let at = 0;
  while (at < Math.min(3, bytes.length) && ((bytes[at] as number) & 0xc0) === 0x80) at += 1;
  return bytes.subarray(at);
}

function lengthBy(firstByte: number): number {
  if (firstByte >= 0xf0) return 4;
  if (firstByte >= 0xe0) return 3;
  return firstByte >= 0xc0 ? 2 : 1;
}
