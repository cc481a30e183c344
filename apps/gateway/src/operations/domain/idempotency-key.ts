import { ProblemError, idempotencyKeySchema, limits, shown, validate } from '@kintsugi/contracts';

const headerPath = 'header.idempotency-key';

/** The key that the header and the data agree on; each may leave it to the other. */
export function agreedIdempotencyKey(header: readonly string[] | undefined, inData: string | undefined): string | undefined {
  if (header === undefined || header.length === 0) return inData;
  if (header.length > 1) throw refusal('REPEATED', `${header.length} headers`, 'one header');
  const key = validate(idempotencyKeySchema, header[0], headerPath, 'IDEMPOTENCY_KEY_INVALID');
  if (inData !== undefined && inData !== key) {
    throw refusal('DIFFERS', shown(key), `${shown(inData)}, as data.idempotency_key says`);
  }
  return key;
}

/**
 * Several jobs under the key of their request: each without a key of its own has that of the request with its place, as `KEY#0`, so that
 * the same request makes each of them once.
 */
export function keyedByPlace<Job extends object>(header: readonly string[] | undefined, jobs: readonly Job[]): Job[] {
  const key = agreedIdempotencyKey(header, undefined);
  if (key === undefined) return [...jobs];
  const lengthMax = limits.idempotencyKeyLength - `#${limits.jobsPerRequest}`.length;
  if (key.length > lengthMax) {
    throw refusal('TOO_LONG', `${key.length} characters`, `at most ${lengthMax} characters for several jobs`);
  }
  return jobs.map((job, place) => ('idempotency_key' in job ? job : { ...job, idempotency_key: `${key}#${place}` }));
}

function refusal(rule: string, got: string, allowed: string): ProblemError {
  return new ProblemError('IDEMPOTENCY_KEY_INVALID', `${headerPath}: ${rule}, got ${got}, allowed: ${allowed}.`, {
    errors: [{ path: headerPath, rule, got, allowed }],
  });
}
