import type { z } from 'zod';
import { shown, type ProblemDetail } from './problem.js';

type Measure = (value: unknown, path: string) => ProblemDetail[];

/** Entries of an object whose schema names no number of its own. */
const entriesMax = 10_000;

const measures = new WeakMap<z.core.$ZodType, Measure | null>();

/**
 * The lists and records of an input that have more entries than their schema allows. Asked before the schema itself, which looks at
 * every entry first and keeps an issue for each bad one: a few megabytes of `1,1,1,…` would fill the memory.
 */
export function oversizeIn(schema: z.core.$ZodType, input: unknown, root: string): ProblemDetail[] {
  return measureOf(schema)?.(input, root) ?? [];
}

/** How a schema's values are measured; null when nothing in them needs to be. */
function measureOf(schema: z.core.$ZodType): Measure | null {
  const known = measures.get(schema);
  if (known !== undefined) return known;
  const measure = newMeasure(schema as z.core.$ZodTypes);
  measures.set(schema, measure);
  return measure;
}

function newMeasure(schema: z.core.$ZodTypes): Measure | null {
  const { def } = schema._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
      return measureOf(def.innerType);
    case 'object':
      return ofObject(def.shape);
    case 'array':
      return ofArray(def);
    case 'record':
      return ofRecord(schema as z.ZodRecord);
    default:
      return null;
  }
}

function ofObject(shape: Readonly<Record<string, z.core.$ZodType>>): Measure | null {
  const fields = Object.entries(shape).flatMap(([name, schema]) => {
    const measure = measureOf(schema);
    return measure ? [{ name, measure }] : [];
  });
  if (fields.length === 0) return null;
  return (value, path) => {
    if (typeof value !== 'object' || value === null) return [];
    return fields.flatMap(({ name, measure }) =>
      measure((value as Record<string, unknown>)[name], path ? `${path}.${name}` : name),
    );
  };
}

function ofArray({ element, checks = [] }: z.core.$ZodArrayDef): Measure {
  const maximum = Math.min(...checks.map(({ _zod: { def } }) => ('maximum' in def ? Number(def.maximum) : Infinity)));
  const ofItem = measureOf(element);
  return (value, path) => {
    if (!Array.isArray(value)) return [];
    if (value.length > maximum) return [tooLong(value, path, maximum)];
    return ofItem ? value.flatMap((item, index) => ofItem(item, `${path}[${index}]`)) : [];
  };
}

function ofRecord(schema: z.ZodRecord): Measure {
  const maximum = Number(schema.meta()?.['maxProperties'] ?? entriesMax);
  return (value, path) => {
    if (typeof value !== 'object' || value === null) return [];
    return Object.keys(value).length > maximum ? [tooLong(value, path, maximum)] : [];
  };
}

function tooLong(value: object, path: string, maximum: number): ProblemDetail {
  return { path, rule: 'TOO_LONG', got: shown(value), allowed: `at most ${maximum} entries` };
}
