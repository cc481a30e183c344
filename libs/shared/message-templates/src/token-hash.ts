/** Two 32-bit hashes in one number that is exact: 53 bits of them. */
export interface TokenHashes {
  /** Of the tokens without the one at a place. */
  without(at: number): number;
}

const seeds = [0x9e3779b1, 0x85ebca6b] as const;

/** Hashes of a list of tokens that leave out one of them each, at the cost of one pass. */
export function hashesOf(tokens: readonly string[]): TokenHashes {
  const [low, high] = seeds.map((seed) => tokens.map((token, at) => placed(hashOf(token, seed), at))) as [number[], number[]];
  const lowSum = sum(low);
  const highSum = sum(high);
  return {
    without(at) {
      const first = mixed(lowSum - (low[at] ?? 0), at, tokens.length);
      const second = mixed(highSum - (high[at] ?? 0), at, tokens.length);
      return first * 0x200000 + (second & 0x1fffff);
    },
  };
}

function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

function placed(hash: number, at: number): number {
  const mixedIn = Math.imul(hash ^ Math.imul(at + 1, 0x27d4eb2f), 0x165667b1);
  return mixedIn ^ (mixedIn >>> 15);
}

function mixed(total: number, at: number, length: number): number {
  const hash = Math.imul((total | 0) ^ Math.imul(at + 1, 0x2c1b3c6d), 0x297a2d39) ^ length;
  return (hash ^ (hash >>> 13)) >>> 0;
}

function sum(hashes: readonly number[]): number {
  let total = 0;
  for (const hash of hashes) total = (total + hash) | 0;
  return total;
}
