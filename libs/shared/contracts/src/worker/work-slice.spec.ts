import { describe, expect, it } from '@jest/globals';
import { decodeWork, encodeWork, type WorkHeader } from './work-slice.js';

const header: WorkHeader = {
  v: 1,
  chunk_id: 'chunk_1',
  job_id: 'job_1',
  fence: 1,
  queue: 'greet',
  safety: 'idempotent',
  indexes: [0, 3],
  attempts: [1, 2],
};

describe('work', () => {
  it('comes out as it was put in', () => {
    const lines = ['{"payload":1}', '{}'];
    expect(decodeWork(encodeWork(header, lines))).toEqual({ header, taskLines: lines });
  });

  it.each([
    '',
    'null',
    '7',
    '{broken',
    '{}',
    '{"indexes":[0]}\n{}',
    encodeWork(header, ['{}']),
    encodeWork({ ...header, attempts: [1] }, ['{}', '{}']),
    encodeWork({ ...header, fence: 1.5 }, ['{}', '{}']),
  ])('that is none is refused: %j', (text) => {
    expect(() => decodeWork(text)).toThrow();
  });
});
