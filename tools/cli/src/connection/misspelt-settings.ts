export interface MisspeltSetting {
  name: string;
  meant: string;
}

/** Letters to change, add or leave out at most, for a name to be taken for another one. */
const distanceMax = 2;

/** Names that are no settings but look much like one. A name of its own, such as one of a user's worker, is left alone. */
export function misspeltSettings(names: string[], known: string[]): MisspeltSetting[] {
  const settings = new Set(known);
  return names
    .filter((name) => !settings.has(name))
    .flatMap((name) => {
      const nearest = known
        .map((meant) => ({ name, meant, distance: distance(name, meant) }))
        .sort((one, other) => one.distance - other.distance)[0];
      return nearest && nearest.distance <= distanceMax ? [{ name, meant: nearest.meant }] : [];
    });
}

/** Names of the settings in the text of `.env.example`, where each is there, unset. */
export function settingsIn(exampleText: string): string[] {
  return [...exampleText.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name ?? '');
}

/** The number of letters to change, add or leave out to get from one word to the other. */
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
