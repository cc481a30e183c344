import { ProblemError, idempotencyKeySchema, shown, validate } from '@kintsugi/contracts';

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

function refusal(rule: string, got: string, allowed: string): ProblemError {
  return new ProblemError('IDEMPOTENCY_KEY_INVALID', `${headerPath}: ${rule}, got ${got}, allowed: ${allowed}.`, {
    errors: [{ path: headerPath, rule, got, allowed }],
  });
}
