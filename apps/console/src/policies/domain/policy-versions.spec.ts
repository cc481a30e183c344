import { expect, test } from '@jest/globals';
import { operations, type RetryConfig, type RetryConfigVersion } from '@kintsugi/contracts';
import { comparisonCommand, comparisonOf, policyDeeds, sourceOf, versionShown } from './policy-versions.js';

const config = (error_type: string): RetryConfig => ({
  ...{ error_type, max_attempts: 3, initial_delay: 5, max_delay: 60, backoff_factor: 2, retry_conditions: [] },
});
const version = (number: number, set: RetryConfig | null = config('smtp.451')): RetryConfigVersion => ({
  ...{ version: number, changed_at: '2026-11-29T10:00:00.000Z', changed_by: 'ada', config: set },
});
const history = [version(3), version(2, null), version(1)];

test.each([
  ['own', 'smtp.451', config('smtp.451'), history],
  ['own', '*', config('*'), [version(1, config('*'))]],
  ['prefix', 'smtp.451', config('smtp.*'), [version(2, null), version(1)]],
  ['others', 'smtp.451', config('*'), []],
  ['settings', '*', config('*'), []],
] as const)('%s is whose policy holds for %s', (source, error_type, holds, versions) =>
  expect(sourceOf({ error_type, holds, history: [...versions] })).toBe(source),
);

test('the version that is asked for is compared with the one before, and without any the newest', () => {
  expect(versionShown(history, 2)).toMatchObject({ version: { version: 2 }, before: { version: 1 }, isBeforeForgotten: false });
  expect(versionShown(history, undefined)).toMatchObject({ version: { version: 3 }, before: { version: 2 } });
  expect(versionShown(history, 9)).toMatchObject({ version: { version: 3 } });
  expect(versionShown([], 1)).toBeNull();
});

test('the first version has none before it, and the oldest that is kept has one that is forgotten', () => {
  expect(versionShown(history, 1)).toMatchObject({ before: undefined, isBeforeForgotten: false });
  expect(versionShown([version(53), version(52)], 52)).toMatchObject({ before: undefined, isBeforeForgotten: true });
});

test('what is compared is asked for as the service takes it, and as the command line does', () => {
  const second = comparisonOf('smtp.*', versionShown(history, 2)!);
  expect(operations.diffRetryConfig.request.parse(second)).toEqual({ error_type: 'smtp.*', from: 1, to: 2 });
  expect(comparisonCommand(second)).toBe("./kintsugi policy diff 'smtp.*' --from 1 --to 2");
  const first = comparisonOf('smtp.451', versionShown(history, 1)!);
  expect(operations.diffRetryConfig.request.parse(first)).toEqual({ error_type: 'smtp.451', to: 1 });
  expect(comparisonCommand(first)).toBe('./kintsugi policy diff smtp.451 --to 1');
});

test('a first version is not reverted, and what is not set is not unset', () => {
  expect(policyDeeds(history)).toEqual([{ kind: 'revert', to: 2 }, { kind: 'unset' }]);
  expect(policyDeeds([version(1)])).toEqual([{ kind: 'unset' }]);
  expect(policyDeeds([version(2, null), version(1)])).toEqual([{ kind: 'revert', to: 1 }]);
  expect(policyDeeds([])).toEqual([]);
});
