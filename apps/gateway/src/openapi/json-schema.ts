import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** The JSON Schema of a contract: what may be given (`input`, defaults not required) or what is answered (`output`). */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
