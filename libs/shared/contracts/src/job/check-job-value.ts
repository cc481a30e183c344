import type { StandardSchemaV1 } from '@standard-schema/spec';
import { limits } from '../limits.js';
import { pathText, valueAt } from '../problem/fault-place.js';
import { shown, type ProblemDetail } from '../problem/problem.js';

export type CheckedJobValue<Value> = { value: Value; fault?: undefined } | { fault: string; errors: ProblemDetail[] };

/**
 * What the schema of a definition makes of a payload or a result, or each of its faults and all of them in a sentence.
 * @param root the name that paths start with
 */
export async function checkJobValue<Schema extends StandardSchemaV1>(
  schema: Schema,
  value: unknown,
  root: string,
): Promise<CheckedJobValue<StandardSchemaV1.InferOutput<Schema>>> {
  const read = await schema['~standard'].validate(value);
  if (!read.issues) return { value: read.value as StandardSchemaV1.InferOutput<Schema> };
  const errors = read.issues.slice(0, limits.problemErrors).map((issue) => faultOf(issue, value, root));
  const [first] = errors;
  const others = read.issues.length > 1 ? ` (and ${read.issues.length - 1} more)` : '';
  return { fault: `${first?.path}: ${first?.hint ?? 'it does not fit'}, got ${first?.got}${others}.`, errors };
}

/** A value as it is after its way as JSON; undefined where JSON has nothing for it. */
export function asJson(value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

function faultOf({ message, path = [] }: StandardSchemaV1.Issue, value: unknown, root: string): ProblemDetail {
  const keys = path.map((part) => (typeof part === 'object' ? part.key : part));
  const hint = message.slice(0, 300).replace(/\.$/, '');
  return { path: pathText(keys, root), rule: 'SCHEMA', got: shown(valueAt(value, keys)), ...(hint ? { hint } : {}) };
}
