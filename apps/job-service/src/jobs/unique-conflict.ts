import { ProblemError } from '@kintsugi/contracts';

/** Another job holds the unique key. */
export class UniqueConflict extends ProblemError {
  /** @param hold the key as it is held @param holder the job that holds it */
  constructor(
    hold: string,
    holder: string,
    advice = 'Wait until it has ended, cancel it, or send the job with unique.on_conflict: replace',
  ) {
    const key = hold.slice(hold.indexOf('\t') + 1);
    super('UNIQUE_CONFLICT', `The job ${holder} holds the unique key ${key}. ${advice}.`, {
      holder,
      errors: [{ path: 'data.unique.key', rule: 'HELD', got: key.slice(0, 100), allowed: 'a key that no other job holds' }],
    });
  }
}
