/** A copy of plain data, such as a document in a store in memory; many times cheaper than a structured clone of something small. */
export function plainCopy<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return new Date(value) as Value;
  if (Array.isArray(value)) return value.map(plainCopy) as Value;
  const copy: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) copy[name] = plainCopy(part);
  return copy as Value;
}
