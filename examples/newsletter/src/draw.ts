/**
 * A number from 0 up to 1 that looks like chance but is always the same for the same seed and subject (cyrb53, a
 * public-domain hash). Good for shares, not for secrets.
 */
export function draw(seed: string, subject: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  const text = `${seed}\n${subject}`;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)) / 2 ** 53;
}
