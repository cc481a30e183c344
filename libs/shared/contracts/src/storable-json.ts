import { z } from 'zod';

type Path = (string | number)[];

/** The path of the first object with a key that a document of the store cannot have, or null. */
function unstorableIn(value: unknown, path: Path = []): Path | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '_bsontype' || key.includes('\0')) return path;
    const found = unstorableIn(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found) return found;
  }
  return null;
}

/**
 * Any JSON that becomes part of a document of the store and not a text in one: MongoDB has no NUL in keys, and its driver
 * takes an object with `_bsontype` for one of its own.
 */
export const storableJsonSchema = z.unknown().superRefine((value, context) => {
  const path = unstorableIn(value);
  if (path) context.addIssue({ code: 'custom', path, message: 'keys without NUL characters, and other than _bsontype' });
});
