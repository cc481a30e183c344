import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';

const root = join(import.meta.dirname, '..', '..', '..');
const commands = readdirSync(join(root, 'tools', 'cli', 'help')).map((file) => file.replace(/\.txt$/, ''));

let folder: TemporaryFolder;
let script: string;

/** A copy of what answers without a set-up, in a folder with a space in its name, and a PATH without Node.js. */
beforeEach(() => {
  folder = createTemporaryFolder();
  const copy = join(folder.path, 'a clone');
  mkdirSync(join(copy, 'tools', 'cli'), { recursive: true });
  for (const file of ['kintsugi', 'package.json', '.node-version']) copyFileSync(join(root, file), join(copy, file));
  cpSync(join(root, 'tools', 'cli', 'help'), join(copy, 'tools', 'cli', 'help'), { recursive: true });
  script = join(copy, 'kintsugi');
  mkdirSync(join(folder.path, 'bin'));
  for (const program of ['bash', 'basename', 'dirname', 'readlink']) {
    symlinkSync(`/usr/bin/${program}`, join(folder.path, 'bin', program));
  }
});

afterEach(async () => {
  await folder.remove();
});

function run(...args: string[]) {
  const environment = { PATH: join(folder.path, 'bin'), HOME: folder.path };
  const { status, stdout, stderr } = spawnSync('/usr/bin/env', ['bash', script, ...args], {
    env: environment,
    encoding: 'utf8',
    cwd: '/',
  });
  return { status, stdout, stderr };
}

describe('the script, without Node.js', () => {
  test.each(commands.filter((command) => command !== 'kintsugi'))('answers %s --help with usage and an example', (command) => {
    const { status, stdout } = run(command, '--help');
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: ./kintsugi ${command}`);
    expect(stdout).toContain('Example');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('tells all commands and exit codes with --help, and with "help" the same', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    for (const command of [
      'up',
      'down',
      'status',
      'doctor',
      'demo',
      'test',
      'submit',
      'jobs',
      'job',
      'errors',
      'cancel',
      'bench',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
    expect(stdout).toContain('Exit codes:');
    expect(run('help').stdout).toBe(stdout);
  });

  test('takes being called without a command for a fault of usage, and helps', () => {
    expect(run()).toMatchObject({ status: 64, stdout: run('--help').stdout });
  });

  test('tells its version', () => {
    expect(run('--version')).toMatchObject({ status: 0, stdout: '0.1.0\n' });
  });

  test.each([
    ['statsu', 'status'],
    ['cancle', 'cancel'],
    ['job-list', 'jobs'],
  ])('refuses the unknown command %s and names the nearest, %s', (given, nearest) => {
    const { status, stdout, stderr } = run(given);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain(`There is no command "${given}".`);
    if (nearest !== 'jobs') expect(stderr).toContain(`Did you mean "${nearest}"?`);
  });

  test('names no command that has little in common with what was typed', () => {
    expect(run('xyzzy').stderr).toBe('There is no command "xyzzy".\n./kintsugi --help lists all commands.\n');
  });

  test.each(['statsu', 'a "quoted\\ one', 'in two\nlines', 'ユ', '--json'])(
    'tells as one JSON value that %j is no command',
    (given) => {
      const { status, stdout, stderr } = run(given, '--json');
      expect({ status, stderr }).toEqual({ status: 64, stderr: '' });
      const detail = `There is no command "${given.replaceAll(/[^ -~]/g, (letter) => '?'.repeat(Buffer.byteLength(letter)))}".`;
      expect(JSON.parse(stdout)).toEqual({ error: { code: 'USAGE', detail, advice: expect.any(String), exit_code: 64 } });
    },
  );

  test.each(['../package', 'kintsugi', 'doctor.txt', 'a b', '-x', ''])('refuses %p as a command', (given) => {
    expect(run(given, 'x').status).toBe(64);
  });

  test('says that nothing runs where there is no data, without a set-up', () => {
    const status = run('status');
    expect(status).toMatchObject({ status: 1, stderr: '' });
    expect(status.stdout).toContain('Kintsugi is not running in');
    expect(run('down').status).toBe(0);
    expect(JSON.parse(run('status', '--json').stdout)).toEqual({
      status: 'down',
      home: join(folder.path, 'a clone', '.kintsugi'),
      processes: [],
    });
  });

  test('says what to do where Node.js is needed', () => {
    const { status, stderr } = run('jobs');
    expect(status).toBe(69);
    expect(stderr).toBe(
      'Kintsugi needs Node.js 20 or newer with npm, and found none.\n' +
        'Install it from https://nodejs.org or with your package manager, then run this again.\n',
    );
    expect(JSON.parse(run('jobs', '--json').stdout)).toMatchObject({ error: { code: 'SETUP_FAILED', exit_code: 69 } });
  });

  test('finds its folder through a symbolic link', () => {
    const link = join(folder.path, 'bin', 'kin');
    symlinkSync(join('..', 'a clone', 'kintsugi'), link);
    script = link;
    expect(run('--version')).toMatchObject({ status: 0, stdout: '0.1.0\n' });
  });
});

describe('the script, before any set-up', () => {
  test.each([
    ['test', '--quick'],
    ['setup', '--josn'],
    ['setup', 'now'],
    ['doctor', '--fix'],
  ])('refuses %s %s, also as JSON', (command, option) => {
    const inClone = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(join(root, 'kintsugi'), args, { encoding: 'utf8', cwd: '/' });
      return { status, stdout, stderr };
    };
    const detail = `${command} has no option "${option}".`;
    const advice = `./kintsugi ${command} --help shows what it has.`;
    expect(inClone(command, option)).toEqual({ status: 64, stdout: '', stderr: `${detail}\n${advice}\n` });
    const { status, stdout, stderr } = inClone(command, option, '--json');
    expect({ status, stderr }).toEqual({ status: 64, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'USAGE', detail, advice, exit_code: 64 } });
  });
});
