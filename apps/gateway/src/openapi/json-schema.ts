import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** The JSON Schema of a contract: what may be given (`input`, defaults not required) or what is answered (`output`). */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, $defs: __, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return withoutRecursion(rest) as JsonSchema;
}

/** Contracts recurse in one place only: any JSON value. OpenAPI says that with an empty schema. */
function withoutRecursion(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRecursion);
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value) return { description: 'Any JSON value.' };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutRecursion(inner)]));
}
