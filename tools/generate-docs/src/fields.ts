import { z } from 'zod';
import { code, codes, table } from './markdown.js';

/** What is used of JSON Schema by the contracts. */
interface JsonSchema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  format?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  /** Alternatives that a field tells apart. */
  oneOf?: JsonSchema[];
}

export interface Field {
  path: string;
  type: string;
  meaning: string;
}

/** Which side of a schema a reader meets: what may be sent, or what is received. */
export type Side = 'input' | 'output';

/** Shapes that have a table of their own somewhere: the fields as text, and the link that stands for them. */
export type KnownShapes = ReadonlyMap<string, string>;

/** The key of a shape among the known ones. */
export function shapeKey(schema: z.ZodType, side: Side): string {
  return keyOf(fieldsOf(schema, side));
}

function keyOf(fields: readonly Field[]): string {
  return JSON.stringify(fields);
}

/** The fields of a schema as a table; nested ones follow the field that holds them, unless their shape is known. */
export function fieldTable(schema: z.ZodType, side: Side, known: KnownShapes = new Map()): string {
  const fields = fieldsOf(schema, side, known);
  if (fields.length === 0) return 'No fields.';
  const link = known.get(keyOf(fields));
  if (link) return `The fields of ${link}.`;
  return table(
    ['Field', 'Type', 'Meaning'],
    fields.map(({ path, type, meaning }) => [code(path), type, meaning]),
  );
}

export function fieldsOf(schema: z.ZodType, side: Side, known: KnownShapes = new Map()): Field[] {
  return propertiesOf(z.toJSONSchema(schema, { io: side }) as JsonSchema, '', known);
}

/** The type of one schema in words: a setting's, for example. */
export function typeOf(schema: z.ZodType): string {
  return typeText(jsonSchemaOf(schema));
}

export function defaultOf(schema: z.ZodType): unknown {
  return jsonSchemaOf(schema).default;
}

export function meaningOf(schema: z.ZodType): string {
  return jsonSchemaOf(schema).description ?? '';
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

function propertiesOf(schema: JsonSchema, prefix: string, known: KnownShapes): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = prefix ? `${prefix}.${name}` : name;
    const nested = nestedFieldsOf(property, path, known);
    const link = nested.length > 0 ? known.get(keyOf(nestedFieldsOf(property, '', new Map()))) : undefined;
    const type = typeText(property) + presenceText(property, schema.required?.includes(name) === true);
    const meaning = [property.description, link && `The fields of ${link}.`].filter(Boolean).join(' ');
    return [{ path, type, meaning }, ...(link ? [] : nested)];
  });
}

function presenceText({ default: fallback }: JsonSchema, required: boolean): string {
  if (fallback !== undefined) return `, default ${code(typeof fallback === 'string' ? fallback : JSON.stringify(fallback))}`;
  return required ? '' : ', optional';
}

/** The fields within a field: those of an object, of the items of an array, or of the alternative to null. */
function nestedFieldsOf(schema: JsonSchema, path: string, known: KnownShapes): Field[] {
  const held = alternativesOf(schema)?.find(({ type }) => type === 'object' || type === 'array') ?? schema;
  if (held.type === 'array' && held.items) return nestedFieldsOf(held.items, path && `${path}[]`, known);
  return propertiesOf(held, path, known);
}

function alternativesOf({ anyOf, oneOf }: JsonSchema): JsonSchema[] | undefined {
  return anyOf ?? oneOf;
}

function typeText(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum) return `one of ${codes(schema.enum.map(String))}`;
  const alternatives = alternativesOf(schema);
  if (alternatives) return alternatives.map(typeText).join(' or ');
  switch (schema.type) {
    case 'string':
      return stringText(schema);
    case 'integer':
    case 'number':
      return `${schema.type}${rangeText(schema)}`;
    case 'array':
      return arrayText(schema);
    case 'object':
      return schema.properties || typeof schema.additionalProperties !== 'object'
        ? 'object'
        : `object with values of type ${typeText(schema.additionalProperties)}`;
    case undefined:
      return 'any JSON';
    default:
      return Array.isArray(schema.type) ? schema.type.join(' or ') : schema.type;
  }
}

function stringText({ format, maxLength }: JsonSchema): string {
  if (format === 'date-time') return 'ISO 8601 time';
  return maxLength === undefined ? 'string' : `string of at most ${maxLength} characters`;
}

function rangeText({ minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  const parts: string[] = [];
  if (exclusiveMinimum !== undefined) parts.push(`over ${exclusiveMinimum}`);
  if (minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER) parts.push(`from ${minimum}`);
  if (maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER) parts.push(`to ${maximum}`);
  return parts.length > 0 ? ` ${parts.join(' ')}` : '';
}

function arrayText({ items, prefixItems, maxItems }: JsonSchema): string {
  if (prefixItems) return `array of ${prefixItems.map(typeText).join(', ')}`;
  const many = maxItems === undefined ? '' : ` of at most ${maxItems}`;
  return items && !items.properties
    ? `array${many}, each ${typeText(items)}`
    : `array of objects${many ? `, at most ${maxItems}` : ''}`;
}
