type Value = unknown;

/** What of a document has to be written to make it another: values by their paths, and paths that are no more. */
export interface Difference {
  set: Record<string, Value>;
  unset: string[];
}

/** Where more elements of a list differ than these, the list is written whole. */
const elementsMax = 4;

/** By fields, and in lists by elements, so that what has changed alike in many documents is written alike. */
export function differenceOf(before: object, after: object): Difference {
  const [old, next] = [new Map(present(before)), new Map(present(after))];
  const set: Record<string, Value> = {};
  for (const [field, value] of next) {
    const known = old.get(field);
    const elements = Array.isArray(known) && Array.isArray(value) ? elementsOf(known, value) : null;
    // A list is compared by its elements alone: whole as well would be twice.
    if (elements) for (const at of elements) set[`${field}.${at}`] = (value as Value[])[at];
    else if (!isSame(known, value)) set[field] = value;
  }
  return { set, unset: [...old.keys()].filter((field) => !next.has(field)) };
}

function present(document: object): [string, Value][] {
  return Object.entries(document).filter(([, value]) => value !== undefined);
}

/** Which elements differ; null where the list has become shorter or most of it is another. */
function elementsOf(old: readonly Value[], next: readonly Value[]): number[] | null {
  if (next.length < old.length) return null;
  const differing = [...next.keys()].filter((at) => at >= old.length || !isSame(old[at], next[at]));
  return differing.length <= elementsMax ? differing : null;
}

function isSame(one: Value, other: Value): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  return JSON.stringify(one) === JSON.stringify(other);
}
