import { limits } from '@kintsugi/contracts';

/** Bundles become as long as this, and one line longer. */
const bundleBytes = 16 * 1024;
const bytesOfCharacter = 3;
const prefixMax = 64;
const lineFeed = 0x0a;

/** Lines as they travel, side by side. */
export interface PackedLines {
  bytes: Buffer;
  lines: number;
  /** Characters of what stands before their texts. */
  prefixes: number;
}

/** Used again by each call: to make them would take as long as to fill them. */
let source = Buffer.alloc(0);
const packed = Buffer.allocUnsafeSlow(bundleBytes + limits.logTextLength * bytesOfCharacter + prefixMax);

/** Whether a text has a line that is cut because of its length. */
export function hasLongLine(text: string): boolean {
  for (let at = 0; text.length - at > limits.logTextLength;) {
    const feed = text.lastIndexOf('\n', at + limits.logTextLength);
    if (feed < at) return true;
    at = feed + 1;
  }
  return false;
}

/**
 * Puts what goes before each line of a text, none of which is long, and packs them. A line is no string of its own meanwhile: to make and
 * to collect them takes several times as long as to copy their bytes.
 */
export function packLines(text: string, nextPrefix: () => string, onPacked: (packed: PackedLines) => void): void {
  const room = text.length * bytesOfCharacter + 1;
  if (source.length < room) source = Buffer.allocUnsafeSlow(room);
  const end = source.write(text);
  source[end] = lineFeed;
  let [lines, prefixes, length] = [0, 0, 0];
  for (let at = 0; at <= end;) {
    const prefix = nextPrefix();
    for (let n = 0; n < prefix.length; n += 1) packed[length + n] = prefix.charCodeAt(n);
    length += prefix.length;
    // Lines are short, and to call for each of them what copies bytes takes longer than this.
    for (let byte = -1; byte !== lineFeed; at += 1) {
      byte = source[at] as number;
      packed[length] = byte;
      length += 1;
    }
    lines += 1;
    prefixes += prefix.length;
    if (length < bundleBytes && at <= end) continue;
    const bytes = Buffer.allocUnsafeSlow(length);
    packed.copy(bytes, 0, 0, length);
    onPacked({ bytes, lines, prefixes });
    [lines, prefixes, length] = [0, 0, 0];
  }
}
