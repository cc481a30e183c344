import { describe, expect, it } from '@jest/globals';
import { recognise } from './recognise.js';

describe('a submission', () => {
  it('of a task a line is NDJSON, also of a single task', () => {
    expect(recognise('{"id":"a","payload":{"n":1}}', true)).toEqual({ kind: 'lines', head: null });
    expect(recognise('{"payload":1}', false)).toEqual({ kind: 'lines', head: null });
  });

  it('whose first line is a job and whose others are tasks is NDJSON with a head', () => {
    const head = { product_id: 'shop', sending_group_id: 'spring' };
    expect(recognise(JSON.stringify(head), true)).toEqual({ kind: 'lines', head });
  });

  it('is a document when it is a job, an array, or goes over several lines', () => {
    expect(recognise('{"product_id":"shop","sending_group_id":"spring"}', false)).toEqual({ kind: 'document' });
    expect(recognise('{"product_id":"shop","tasks":[]}', true)).toEqual({ kind: 'document' });
    expect(recognise('[{"id":"a"},', true)).toEqual({ kind: 'document' });
    expect(recognise('{', true)).toEqual({ kind: 'document' });
    expect(recognise('  "text"', false)).toEqual({ kind: 'document' });
  });

  it('is refused at once when its first line is nested too deep', () => {
    expect(() => recognise(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, true)).toThrow(/deeper/);
  });
});
