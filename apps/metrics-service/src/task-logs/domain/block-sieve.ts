/** Bytes that are looked at together. */
const gramBytes = 4;
/** Smaller blocks are unpacked sooner than they are asked. */
const linesMin = 4 * 1024;
/** Used again for each sieve: what is made anew for each block is soon so much that all memory is looked through for what can go. */
let room = new Uint8Array(0);

/**
 * Which sequences of four bytes stand in the lines of a block, as far as one bit for each four to eight bytes can tell: whether the block may
 * hold a text is known without unpacking it. What passes is not in it for certain; what does not pass is in it for certain not.
 */
export function sieveOf(lines: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (lines.length < linesMin) return null;
  const shift = Math.clz32(lines.length >>> 3);
  // A byte for each bit, as long as it is made: to set bits takes twice as long.
  const seen = clearedRoom(2 ** (32 - shift));
  let gram = firstOf(lines);
  for (let at = gramBytes - 1; at < lines.length; at += 1) {
    gram = (gram << 8) | (lines[at] as number);
    seen[slotOf(gram, shift)] = 1;
  }
  const sieve = new Uint8Array(seen.length / 8);
  for (let at = 0; at < seen.length; at += 1) sieve[at >>> 3] = (sieve[at >>> 3] as number) | ((seen[at] as number) << (at & 7));
  return sieve;
}

/** Whether any sieve holds a text back: one of fewer than four bytes passes always. */
export function isSiftable(text: Uint8Array): boolean {
  return text.length >= gramBytes;
}

/** Whether the block of a sieve may hold a text. */
export function passes(sieve: Uint8Array, text: Uint8Array): boolean {
  const shift = Math.clz32(sieve.length * 8) + 1;
  let gram = firstOf(text);
  for (let at = gramBytes - 1; at < text.length; at += 1) {
    gram = (gram << 8) | (text[at] as number);
    const slot = slotOf(gram, shift);
    if (!((sieve[slot >>> 3] as number) & (1 << (slot & 7)))) return false;
  }
  return true;
}

function clearedRoom(length: number): Uint8Array {
  if (room.length < length) room = new Uint8Array(length);
  return room.subarray(0, length).fill(0);
}

/** All but the last byte of the first sequence. */
function firstOf([one = 0, two = 0, three = 0]: Uint8Array): number {
  return (one << 16) | (two << 8) | three;
}

/** By multiplication with the golden ratio, whose high bits depend on all bytes. */
function slotOf(gram: number, shift: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> shift;
}
