import { describe, expect, test } from '@jest/globals';
import { splitBy } from './groups.js';

describe('what some leave a group by', () => {
  test.each([
    [undefined, { place: 2, value: ['a', 'b'] }, { kind: 'value', place: 2, values: ['a', 'b'] }],
    [undefined, { type: 'smtp.550' }, { kind: 'type', error_types: ['smtp.550'] }],
    [undefined, { record: ['err_1'] }, { kind: 'records', error_record_ids: ['err_1'] }],
    ['grp_1', {}, { kind: 'part', group_id: 'grp_1' }],
  ])('part %s and options %j', (part, options, expected) => {
    expect(splitBy(part, options)).toEqual(expected);
  });

  test.each([
    [undefined, {}],
    [undefined, { place: 1 }],
    [undefined, { value: ['a'] }],
    [undefined, { place: 1, type: 'smtp.550' }],
    ['grp_1', { type: 'smtp.550' }],
  ])('is asked for where it is none or more than one: part %s and options %j', (part, options) => {
    expect(() => splitBy(part, options)).toThrow('Which ones leave it?');
  });
});
