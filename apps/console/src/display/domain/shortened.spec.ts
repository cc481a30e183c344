import { expect, test } from '@jest/globals';
import { shortId, shownCount, shownJson, shownJsonMax } from './shortened.js';

test('an id keeps its beginning and its end', () => {
  expect(shortId('job_01890a5d-ac96-774b-bcce-b302099a8057')).toBe('job_01890a5d…8057');
  expect(shortId('hello')).toBe('hello');
});

test('JSON is shown up to a bound, and says what is left out', () => {
  expect(shownJson({ a: [1] })).toEqual({ text: '{\n  "a": [\n    1\n  ]\n}', hidden: 0 });
  expect(shownJson('<b>')).toEqual({ text: '<b>', hidden: 0 });
  expect(shownJson('x'.repeat(shownJsonMax + 5))).toMatchObject({ hidden: 5 });
  expect(shownJson(undefined)).toEqual({ text: '', hidden: 0 });
});

test('a count that was capped says so', () => {
  expect([shownCount(12, 1_000), shownCount(1_000, 1_000), shownCount(1_234)]).toEqual(['12', '1,000+', '1,234']);
});
