import { expect, test } from '@jest/globals';
import { isLookedThrough } from './step-by-step.js';

test.each([
  ['a text', { text: 'refused' }, true],
  ['a label', { label: { key: 'customer', value: '7' } }, true],
  ['a type of job', { job_type: 'mail', error_type: 'smtp.451' }, true],
  ['a type and a status', { error_type: 'smtp.451', recovery_status: 'pending' }, false],
  ['types that begin alike', { error_type: 'smtp.*' }, false],
  ['one record', { error_record_id: 'err_1', text: 'refused' }, false],
  ['nothing', {}, false],
] as const)('records are looked through for what no index leads to: %s', (_name, filter, is) => {
  expect(isLookedThrough(filter)).toBe(is);
});

test('whoever sees one tenant is told of no record that he may not see, such as how far others were looked through', () => {
  expect(isLookedThrough({ tenant: 'acme', text: 'refused' })).toBe(false);
});
