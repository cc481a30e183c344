import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { settingsOnce } from './settings-once.js';

const setting = (schema: string) => `export const settings = { RETRY_WAIT_SECONDS: ${schema} };`;
const check = (one: string, other: string) =>
  reportOf(settingsOnce, treeOf({ 'apps/a/src/a.config.ts': setting(one), 'apps/b/src/b.config.ts': setting(other) }));

describe('settings are declared once', () => {
  test('two defaults of one name are found in both places', () => {
    expect(check('numberSetting(5, 0, 60)', "z.coerce.number().default(7).describe('Seconds.')")).toEqual([
      'apps/a/src/a.config.ts:1 RETRY_WAIT_SECONDS has another default in apps/b/src/b.config.ts:1',
      'apps/b/src/b.config.ts:1 RETRY_WAIT_SECONDS has another default in apps/a/src/a.config.ts:1',
    ]);
  });

  test('a process without a default of its own passes', () => {
    expect(check('z.string().optional()', "z.string().default('5')")).toEqual([]);
  });

  test('one default in two processes passes', () => {
    expect(check("numberSetting(5, 0, 60).describe('Seconds.')", 'z.coerce.number().default(5)')).toEqual([]);
  });
});
