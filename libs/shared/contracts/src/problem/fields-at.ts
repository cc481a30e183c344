import type { z } from 'zod';
import { valueAt } from './fault-place.js';

/**
 * The names of the fields that the object at a path of a schema may have, where the input has taken one of its alternatives;
 * null where the schema does not tell.
 */
export function fieldsAt(schema: z.core.$ZodType, path: readonly PropertyKey[], input: unknown): string[] | null {
  let at: z.core.$ZodType | null = schema;
  let value = input;
  for (const key of path) {
    at = at && inside(taken(at, value), key);
    value = valueAt(value, [key]);
  }
  const { def } = at ? taken(at, value)._zod : { def: null };
  return def?.type === 'object' ? Object.keys(def.shape) : null;
}

/** The schema itself, without what only says whether its value may be left out; of alternatives the one that the value has taken. */
function taken(schema: z.core.$ZodType, value: unknown): z.core.$ZodTypes {
  const known = schema as z.core.$ZodTypes;
  const { def } = known._zod;
  if (def.type === 'pipe') return taken(def.in, value);
  if (def.type === 'union') {
    const kinds = 'discriminator' in def ? [String(def.discriminator)] : [];
    const objects = def.options.map((option) => taken(option, value)).filter(({ _zod }) => _zod.def.type === 'object');
    return objects.find((option) => kinds.every((kind) => isOfKind(option, kind, value))) ?? known;
  }
  return 'innerType' in def ? taken(def.innerType, value) : known;
}

function isOfKind({ _zod: { propValues } }: z.core.$ZodTypes, kind: string, value: unknown): boolean {
  return propValues?.[kind]?.has(valueAt(value, [kind]) as z.core.util.Primitive) ?? false;
}

function inside({ _zod: { def } }: z.core.$ZodTypes, key: PropertyKey): z.core.$ZodType | null {
  switch (def.type) {
    case 'object':
      return Object.hasOwn(def.shape, key) ? (def.shape[String(key)] ?? null) : null;
    case 'array':
      return def.element;
    case 'record':
      return def.valueType;
    case 'tuple':
      return def.items[Number(key)] ?? def.rest;
    default:
      return null;
  }
}
