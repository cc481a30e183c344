import type { z } from 'zod';
import { shown, type ProblemDetail } from './problem.js';

/** The faults of a value, their paths counted from it; null where there are none, as is usual: then nothing is made for it. */
type Measure = (value: unknown) => ProblemDetail[] | null;

/** Entries of an object whose schema names no number of its own. */
const entriesMax = 10_000;

const measures = new WeakMap<z.core.$ZodType, Measure | null>();

/**
 * The lists and records of an input that have more entries than their schema allows. Asked before the schema itself, which looks at
 * every entry first and keeps an issue for each bad one: a few megabytes of `1,1,1,…` would fill the memory.
 */
export function oversizeIn(schema: z.core.$ZodType, input: unknown, root: string): ProblemDetail[] {
  const faults = measureOf(schema)?.(input) ?? [];
  return faults.map(({ path, ...fault }) => ({ path: root ? root + path : path.replace(/^\./, ''), ...fault }));
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
  return (value) => {
    if (typeof value !== 'object' || value === null) return null;
    let faults: ProblemDetail[] | null = null;
    for (const { name, measure } of fields) {
      const own = measure((value as Record<string, unknown>)[name]);
      if (own) faults = joined(faults, `.${name}`, own);
    }
    return faults;
  };
}

function ofArray({ element, checks = [] }: z.core.$ZodArrayDef): Measure {
  const maximum = Math.min(...checks.map(({ _zod: { def } }) => ('maximum' in def ? Number(def.maximum) : Infinity)));
  const ofItem = measureOf(element);
  return (value) => {
    if (!Array.isArray(value)) return null;
    if (value.length > maximum) return [tooLong(value, maximum)];
    if (!ofItem) return null;
    let faults: ProblemDetail[] | null = null;
    for (let index = 0; index < value.length; index += 1) {
      const own = ofItem(value[index]);
      if (own) faults = joined(faults, `[${index}]`, own);
    }
    return faults;
  };
}

function ofRecord(schema: z.ZodRecord): Measure {
  const maximum = Number(schema.meta()?.['maxProperties'] ?? entriesMax);
  return (value) => {
    if (typeof value !== 'object' || value === null) return null;
    return Object.keys(value).length > maximum ? [tooLong(value, maximum)] : null;
  };
}

function tooLong(value: object, maximum: number): ProblemDetail {
  return { path: '', rule: 'TOO_LONG', got: shown(value), allowed: `at most ${maximum} entries` };
}

/** The faults of a value with those of a part of it. */
function joined(faults: ProblemDetail[] | null, place: string, ofPart: readonly ProblemDetail[]): ProblemDetail[] {
  const all = faults ?? [];
  for (const fault of ofPart) all.push({ ...fault, path: place + fault.path });
  return all;
}
