import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { nxEnvironment } from '../../../tools/setup/nx-environment.mjs';
import { readArguments } from '../../../tools/test-runner/read-arguments.mjs';
import { plantedBugs, withBug } from '../../../tools/test-runner/planted/planted-bugs.mjs';
import { Tally, gist, ofManyRuns, type JestResult } from '../../../tools/test-runner/tally.mjs';

const repository = join(import.meta.dirname, '..', '..', '..');
const runner = join(repository, 'tools', 'test-runner', 'run-tests.mjs');

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

describe('a planted bug', () => {
  const bug = { find: 'a < b', replace: 'a > b', caught_by: { kind: 'unit', file: 'a.spec.ts' } };

  test('stands in the source in place of the text that it names', () => {
    expect(withBug(bug, 'if (a < b) go();')).toBe('if (a > b) go();');
  });

  test.each([
    ['whose text is gone', bug, 'if (a === b) go();', 'occurs 0 times'],
    ['whose text is found twice', bug, 'a < b; a < b;', 'occurs 2 times'],
    ['that changes nothing', { ...bug, replace: 'a < b' }, 'a < b', 'changes nothing'],
    ['that names no test', { ...bug, caught_by: { kind: 'other', file: 'a' } }, 'a < b', 'names no test'],
  ])('%s is refused', (_about, given, source, reason) => {
    expect(() => withBug(given, source)).toThrow(reason);
  });

  test.each(plantedBugs())('fits the sources as they are: $name', (given) => {
    expect(withBug(given, readFileSync(join(repository, given.file), 'utf8'))).not.toBe('');
    expect(existsSync(join(repository, given.caught_by.file))).toBe(true);
  });

  test('of no such name is said to be none', () => {
    const { status, stdout } = run('--planted', 'there-is-no-such-bug');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 0 failed');
    expect(status).toBe(1);
  });
});

describe('a run of the tests', () => {
  test('ends with the figures on the last line', () => {
    const { status, stdout } = run('--unit', 'listening-inode');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('3 passed, 0 failed');
    expect(status).toBe(0);
  });

  test('gives one JSON value on standard output', () => {
    const { stdout } = run('--unit', 'listening-inode', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      passed: 3,
      failed: 0,
      skipped: 0,
      parts: [{ name: 'unit', passed: 3 }],
      failures: [],
    });
  });

  test('fails when no test has a path that contains the pattern', () => {
    const { status, stdout } = run('--unit', 'there-is-no-such-test');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 0 failed');
    expect(status).toBe(1);
  });

  test('covers what the command line asks for', () => {
    const all = ['unit', 'integration', 'system'];
    expect(readArguments([])).toEqual({ kinds: all, patterns: [], json: false, whole: true, planted: false });
    expect(readArguments(['--system', '--unit', '--json'])).toEqual({
      kinds: ['unit', 'system'],
      patterns: [],
      json: true,
      whole: false,
      planted: false,
    });
    expect(readArguments(['worker'])).toEqual({ kinds: all, patterns: ['worker'], json: false, whole: false, planted: false });
    expect(readArguments(['--planted', 'priority'])).toMatchObject({ patterns: ['priority'], planted: true });
    expect(readArguments(['--planted', '--unit'])).toMatchObject({ fault: expect.stringContaining('--planted') });
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

  test('tells of a failure what was expected, what was got and where, in a few lines', () => {
    const message = [
      'Error: expect(received).toEqual(expected) // deep equality',
      ...['', '- Expected  - 0', '+ Received  + 1', '', '  Object {', '+     "metadata",', `-     "${'x'.repeat(500)}",`],
      '    at Object.toEqual (/a/node_modules/expect/index.js:1:1)',
      '    at eventually (/a/libs/shared/testing/src/eventually.ts:23:16)',
      '    at Object.<anonymous> (/a/tests/system/b.sys-spec.ts:29:3)',
    ].join('\n');
    expect(gist(message)).toEqual([
      'Error: expect(received).toEqual(expected) // deep equality',
      '- Expected  - 0',
      '+ Received  + 1',
      '+     "metadata",',
      `-     "${'x'.repeat(153)}`,
      'at Object.<anonymous> (/a/tests/system/b.sys-spec.ts:29:3)',
    ]);
    expect(gist('lint: 3 problems')).toEqual(['lint: 3 problems']);
    expect(gist('')).toEqual([]);
  });

  test('adds up the projects, and counts one without a result as failed', () => {
    const tally = new Tally();
    tally.addJest({
      name: 'unit',
      seconds: 2,
      ...ofManyRuns([{ project: 'libs/a', result }, { project: 'libs/b', result }, { project: 'libs/c' }]),
    });
    expect(tally.describe()).toBe('6 passed, 5 failed, 4 skipped');
    expect(tally.failures.at(-1)?.name).toBe('libs/c: Jest ended without a result');
  });

  test('brings back the report of a project that is as it was, and does not run it again', () => {
    const project = 'libs/shared/boundary';
    const report = join(repository, project, '.cache', 'test.json');
    const runTests = () => {
      rmSync(report, { force: true });
      const args = [join(repository, 'node_modules', '.bin', 'nx'), 'run', '@kintsugi/boundary:test'];
      const env = { ...process.env, ...nxEnvironment };
      const { stdout, status } = spawnSync(process.execPath, args, { cwd: repository, encoding: 'utf8', env });
      expect({ stdout, status }).toMatchObject({ status: 0 });
      return { stdout, report: readFileSync(report, 'utf8') };
    };
    const first = runTests();
    const again = runTests();
    expect(again.stdout).toContain('cache');
    expect(again.report).toBe(first.report);
    expect(JSON.parse(again.report)).toMatchObject({ result: { success: true, numPassedTests: expect.any(Number) } });
  });
});
