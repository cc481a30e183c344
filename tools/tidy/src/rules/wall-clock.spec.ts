import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { noWallClockBounds } from './wall-clock.js';

const check = (text: string) => reportOf(noWallClockBounds, treeOf({ 'tests/integration/gateway/a.int-spec.ts': text }));

describe('a bound by the wall clock is found', () => {
  test.each([
    'const at = performance.now();\nwork();\nexpect(performance.now() - at).toBeLessThan(500);',
    'const at = Date.now();\nconst spentMs = Date.now() - at;\nexpect(spentMs).toBeLessThanOrEqual(500);',
    'function liveMs() { return performance.now() - start; }\nexpect(await liveMs()).toBeLessThan(500);',
    'expect(await gateway.liveMs()).toBeLessThan(500);',
    'const { status, tookMs } = run();\nexpect(tookMs).toBeLessThan(300);',
    'const runs = [1].map(() => performance.now() - at);\nexpect(Math.min(...runs)).toBeLessThan(50);',
  ])('%#', (text) => {
    expect(check(text)).toEqual([expect.stringContaining('is bounded by the wall clock')]);
  });
});

describe('what bounds no time passes', () => {
  test.each([
    'const at = performance.now();\nwork();\nconst alone = performance.now() - at;\nexpect(performance.now() - at).toBeLessThan(3 * alone);',
    'expect(due).toBeLessThanOrEqual(Date.now());',
    'await eventually(() => expect(Date.now()).toBeGreaterThan(due));',
    'expect(lines.length).toBeLessThan(80);',
    'function job() { return { at: Date.now() }; }\nexpect(job().count).toBeLessThan(5);',
  ])('%#', (text) => {
    expect(check(text)).toEqual([]);
  });
});
