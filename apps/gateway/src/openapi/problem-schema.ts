import { ProblemError, problemCatalogue, type Problem, type ProblemCode } from '@kintsugi/contracts';
import type { JsonSchema } from './json-schema.js';

const detailSchema = {
  type: 'object',
  required: ['path', 'rule'],
  properties: {
    path: {
      type: 'string',
      description: 'Where: `data.tasks[3].id`, `query.limit`, `line 7.payload`; empty for the whole input.',
    },
    rule: { type: 'string', description: 'Which rule: REQUIRED, TYPE, RANGE, TOO_LONG, UNKNOWN_FIELD, …' },
    got: { type: 'string' },
    allowed: { type: 'string' },
    hint: { type: 'string', description: 'What was likely meant, or what to do instead.' },
  },
};

/** Why a request was refused, as RFC 9457 has it. */
export const problemSchema: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'retryable'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { enum: Object.keys(problemCatalogue), description: 'Stable: never renamed, never reused.' },
    detail: { type: 'string', description: 'What happened and what to do next.' },
    retryable: { type: 'boolean', description: 'Whether the same request can succeed later.' },
    errors: { type: 'array', items: detailSchema, maxItems: 20 },
    request_id: { type: 'string' },
    current: { type: 'string' },
    allowed: { type: 'array', items: { type: 'string' } },
    retry_after: { type: 'number', description: 'Seconds after which it is worth trying again.' },
  },
};

export function problemExample(code: ProblemCode): Problem {
  return new ProblemError(code, `${problemCatalogue[code].title}.`).toProblem('6f1c2a9e-0b5d-4c1e-9a57-2f4d8f1f7a11');
}
