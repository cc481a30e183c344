import { describe, expect, it } from '@jest/globals';
import { ProblemError } from '@kintsugi/contracts';
import type { JobFilter } from '../domain/job-history.js';
import { decodeCursor, encodeCursor } from './page-cursor.js';

const position = { created_at: Date.parse('2026-03-02T00:00:00.123Z'), job_id: 'job_01890a5d-ac96-774b-bcce-b302099a8057.12' };
const filter: JobFilter = { status: ['failed', 'cancelled'], type: 'smtp.send', created_after: new Date(0) };

function codeOf(decode: () => unknown): string | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    return error instanceof ProblemError ? `${error.code} ${error.extras.errors?.[0]?.rule}` : String(error);
  }
}

describe('a cursor', () => {
  it('leads back to its place', () => {
    expect(decodeCursor(encodeCursor(position, filter, 'desc'), filter, 'desc')).toEqual(position);
  });

  it('does not mind the order of filters and absent ones', () => {
    const same: JobFilter = {
      user_id: undefined,
      created_after: new Date(0),
      type: 'smtp.send',
      status: ['cancelled', 'failed', 'failed'],
    };
    expect(decodeCursor(encodeCursor(position, filter, 'desc'), same, 'desc')).toEqual(position);
  });

  it('that is none is refused by the place where it was given', () => {
    for (const [path, given] of [
      ['data.cursor', undefined],
      ['data.pagination.cursor', 'data.pagination.cursor'],
    ]) {
      const refused = expect.objectContaining({ extras: { errors: [expect.objectContaining({ path, got: '"zzz"' })] } });
      expect(() => decodeCursor('zzz', filter, 'desc', given)).toThrow(refused);
    }
  });

  it.each<[string, JobFilter]>([
    ['another status', { ...filter, status: ['failed'] }],
    ['another bound', { ...filter, created_after: new Date(1) }],
    ['no filter', {}],
  ])('is refused with %s', (_, other) => {
    expect(codeOf(() => decodeCursor(encodeCursor(position, filter, 'desc'), other, 'desc'))).toBe(
      'CURSOR_INVALID CURSOR_OF_OTHER_FILTERS',
    );
  });

  it('is refused in the other order', () => {
    expect(codeOf(() => decodeCursor(encodeCursor(position, filter, 'desc'), filter, 'asc'))).toBe(
      'CURSOR_INVALID CURSOR_OF_OTHER_FILTERS',
    );
  });

  it.each([
    ['not base64url', '%%%'],
    ['not JSON', Buffer.from('{').toString('base64url')],
    ['of another shape', Buffer.from('{"a":1}').toString('base64url')],
    ['of other types', Buffer.from('["1",2,"x"]').toString('base64url')],
    ['beyond time', Buffer.from('[1e300,"job","x"]').toString('base64url')],
  ])('is refused when it is %s', (_, cursor) => {
    expect(codeOf(() => decodeCursor(cursor, {}, 'desc'))).toBe('CURSOR_INVALID CURSOR');
  });

  it('is short enough for the contract', () => {
    expect(encodeCursor(position, filter, 'desc').length).toBeLessThan(200);
  });
});
