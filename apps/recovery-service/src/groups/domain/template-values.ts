/** What a title has in the place of a value. */
const shown = '<*>';

/** What a title ends with that is cut. */
const cutSign = '\u2026';

/**
 * What a message has in the places of the values of a title, in their order; null for a message of another kind. Of a title that
 * was cut only what is left of it has to fit.
 *
 * It takes linear time whatever the message is: each text between two values is looked for once, behind the one before.
 */
export function valuesIn(title: string, message: string): string[] | null {
  const isCut = title.endsWith(cutSign);
  const known = isCut ? title.slice(0, -1).replace(/<\*?$/, '') : title;
  const [start = '', ...between] = oneSpaced(known).split(shown);
  const text = oneSpaced(message);
  if (!text.startsWith(start) || (between.length === 0 && !isCut && text !== start)) return null;
  const values: string[] = [];
  let from = start.length;
  for (const [at, piece] of between.entries()) {
    const isLast = at === between.length - 1;
    const to = isLast ? endOf(text, piece, from, isCut) : text.indexOf(piece, from);
    if (to < from) return null;
    values.push(bare(text.slice(from, to)));
    from = to + piece.length;
  }
  return values;
}

/** Where the last value ends: what is behind it is the end of the message. */
function endOf(text: string, piece: string, from: number, isCut: boolean): number {
  if (piece === '') return text.length;
  if (isCut) return text.indexOf(piece, from);
  return text.endsWith(piece) ? text.length - piece.length : -1;
}

/** A title with values in some of its places, which are counted from 1. */
export function titleWith(title: string, filled: readonly { place: number; value: string }[]): string {
  const values = new Map(filled.map(({ place, value }) => [place, value]));
  let met = 0;
  return title.replaceAll(shown, () => {
    met += 1;
    return values.get(met) ?? shown;
  });
}

export function placesOf(title: string): number {
  return title.split(shown).length - 1;
}

/** As it is compared: a value may stand in quotes, which nobody has in mind who names it. */
export function bare(value: string): string {
  const text = oneSpaced(value);
  return /^(["'`]).*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}

function oneSpaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
