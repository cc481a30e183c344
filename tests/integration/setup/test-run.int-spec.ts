import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readArguments } from '../../../tools/test-runner/read-arguments.mjs';
import { Tally, type JestResult } from '../../../tools/test-runner/tally.mjs';

const runner = join(import.meta.dirname, '..', '..', '..', 'tools', 'test-runner', 'run-tests.mjs');

function run(...args: string[]) {
  const program = `const { runTests } = await import(${JSON.stringify(runner)}); process.exit(await runTests(process.argv.slice(1)));`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', program, '--', ...args], { encoding: 'utf8' });
}

const result: JestResult = {
  numPassedTests: 3,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [
    {
      name: 'a.spec.ts',
      status: 'failed',
      message: '',
      assertionResults: [
        { status: 'passed', fullName: 'one', failureMessages: [] },
        { status: 'failed', fullName: 'two', failureMessages: ['\u001b[31mred\u001b[39m'] },
      ],
    },
    { name: 'b.spec.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] },
  ],
};

describe('a run of the tests', () => {
  test('ends with the figures on the last line', () => {
    const { status, stdout } = run('--unit', 'listening-inode');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('3 passed, 0 failed');
    expect(status).toBe(0);
  }, 30_000);

  test('gives one JSON value on standard output', () => {
    const { stdout } = run('--unit', 'listening-inode', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      passed: 3,
      failed: 0,
      skipped: 0,
      parts: [{ name: 'unit', passed: 3 }],
      failures: [],
    });
  }, 30_000);

  test('fails when no test has a path that contains the pattern', () => {
    const { status, stdout } = run('--unit', 'there-is-no-such-test');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 0 failed');
    expect(status).toBe(1);
  }, 30_000);

  test('covers what the command line asks for', () => {
    const all = ['unit', 'integration', 'system'];
    expect(readArguments([])).toEqual({ kinds: all, patterns: [], json: false, whole: true });
    expect(readArguments(['--system', '--unit', '--json'])).toEqual({
      kinds: ['unit', 'system'],
      patterns: [],
      json: true,
      whole: false,
    });
    expect(readArguments(['worker'])).toEqual({ kinds: all, patterns: ['worker'], json: false, whole: false });
  });

  test('counts checks, tests, files that cannot be run, and a Jest that ends without a result', () => {
    const tally = new Tally();
    tally.addCheck({ name: 'lint', passed: true, seconds: 1 });
    tally.addCheck({ name: 'typecheck', passed: false, seconds: 1, message: 'a.ts: no' });
    tally.addJest({ name: 'unit', result, seconds: 2 });
    tally.addJest({ name: 'system', fault: 'Jest ended without a result', seconds: 2 });
    expect(tally.describe()).toBe('4 passed, 4 failed, 2 skipped');
    expect(tally.failures.map(({ part, name, message }) => [part, name, message])).toEqual([
      ['typecheck', 'typecheck', 'a.ts: no'],
      ['unit', 'two', 'red'],
      ['unit', 'the file could not be run', 'Cannot find module'],
      ['system', 'Jest ended without a result', 'Jest ended without a result'],
    ]);
  });
});
