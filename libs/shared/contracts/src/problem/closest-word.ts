/** Letters to change, add or leave out at most, for a word to be taken for another one. */
const distanceMax = 2;
/** Longer than this is no slip of the fingers. */
const lengthMax = 64;

/** The word that was likely meant: one that differs in its case and marks only, or in a letter or two. Null for a word of its own. */
export function closestWord(word: string, known: readonly string[]): string | null {
  if (word.length > lengthMax) return null;
  const nearest = known
    .map((meant) => ({ meant, distance: bare(word) === bare(meant) ? 0 : distance(word, meant) }))
    .sort((one, other) => one.distance - other.distance)[0];
  // In a short word, two letters are most of it.
  return nearest && nearest.distance <= Math.min(distanceMax, Math.floor(word.length / 3)) ? nearest.meant : null;
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
