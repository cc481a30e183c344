import type { z } from 'zod';

/** The names of the fields that the object at a path of a schema may have; null where the schema does not tell. */
export function fieldsAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] | null {
  const at = path.reduce<z.core.$ZodType | null>((outer, key) => outer && inside(bare(outer), key), schema);
  const { def } = at ? bare(at)._zod : { def: null };
  return def?.type === 'object' ? Object.keys(def.shape) : null;
}

/** The schema itself, without what only says whether its value may be left out. */
function bare(schema: z.core.$ZodType): z.core.$ZodTypes {
  const known = schema as z.core.$ZodTypes;
  const { def } = known._zod;
  if (def.type === 'pipe') return bare(def.in);
  return 'innerType' in def ? bare(def.innerType) : known;
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
