import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  conditionOperators,
  finishedJobStatuses,
  historyGroupFields,
  groupStates,
  jobMetricNames,
  jitters,
  jobStatuses as contractStatuses,
  recoveryStatuses,
  roles,
  ruleActions,
  safetyClasses,
} from '@kintsugi/contracts';
import { repository } from '@kintsugi/supervisor';
import { actionWords, operatorWords } from '../../../tools/cli/src/policies/condition-words.js';
import { createProgram } from '../../../tools/cli/src/program.js';
import { runCommand } from '../../command-line.js';

const folder = join(repository, 'tools', 'cli', 'help');
const textOf = (command: string) => readFileSync(join(folder, `${command}.txt`), 'utf8');
const commands = createProgram().commands;

/** Options that a help explains: lines of a list that begin with one. */
const explained = (text: string) => [...text.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, name]) => name!);

describe.each(commands.map((command) => [command.name(), command] as const))('the help of %s', (name, command) => {
  const text = textOf(name);

  test('explains the options that there are, and no others', () => {
    const options = command.options.map(({ long }) => long).sort();
    const inUsage = [...text.matchAll(/^Usage:.*$|^ {7}\.\/kintsugi.*$/gm)].join(' ');
    const named = new Set([...explained(text), ...[...inUsage.matchAll(/\[(--[a-z-]+)/g)].map(([, option]) => option!)]);
    expect([...named].sort()).toEqual(options);
  });

  test('fits 80 columns, and has a usage, the exit codes and examples', () => {
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatch(new RegExp(`^Usage: ./kintsugi ${name}`, 'm'));
    expect(text).toMatch(/^Exit codes: 0 /m);
    expect(text).toMatch(/^Examples:\n {2}\S/m);
  });

  test('is told by --help, and by the overview', async () => {
    expect(await runCommand([name, '--help'])).toMatchObject({ code: 0, stdout: text });
    expect(textOf('kintsugi')).toMatch(new RegExp(`^  ${name} `, 'm'));
  });
});

test('every help belongs to a command', () => {
  const ofTheScript = ['doctor', 'kintsugi', 'setup', 'test'];
  const files = readdirSync(folder).map((file) => file.replace('.txt', ''));
  expect(files.sort()).toEqual([...commands.map((command) => command.name()), ...ofTheScript].sort());
});

test('the console offers commands that there are', () => {
  const pages = readdirSync(join(repository, 'apps', 'console', 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.tsx'))
    .map((path) => readFileSync(join(repository, 'apps', 'console', 'src', path), 'utf8'));
  const offered = pages.flatMap((text) => [...text.matchAll(/\.\/kintsugi ([a-z-]+)/g)].map(([, name]) => name!));
  expect(offered.length).toBeGreaterThan(0);
  expect(offered.filter((name) => !commands.some((command) => command.name() === name))).toEqual([]);
});

test('the choices of options are those of the contracts', () => {
  const choicesOf = (command: string, option: string) =>
    commands.find((candidate) => candidate.name() === command)?.options.find(({ long }) => long === option)?.argChoices;
  expect(choicesOf('jobs', '--status')).toEqual(contractStatuses.filter((status) => status !== 'deleting'));
  expect(choicesOf('delete', '--status')).toEqual(finishedJobStatuses);
  expect(choicesOf('history', '--by')).toEqual(historyGroupFields);
  expect(choicesOf('errors', '--status')).toEqual(recoveryStatuses);
  expect(choicesOf('groups', '--state')).toEqual(groupStates);
  expect(choicesOf('metrics', '--metric')).toEqual(jobMetricNames);
  expect(choicesOf('submit', '--safety')).toEqual(safetyClasses);
  expect(choicesOf('keys', '--role')).toEqual(roles);
  expect(choicesOf('policy', '--jitter')).toEqual(jitters);
  expect([operatorWords, actionWords]).toEqual([conditionOperators, ruleActions]);
});

describe('a fault of usage ends with 64 and names what is near', () => {
  test.each([
    [['stauts'], 'Did you mean status?'],
    [['jobs', '--statu', 'failed'], 'Did you mean --status?'],
    [['jobs', '--status', 'done'], 'Allowed choices are scheduled,'],
    [['job'], "Missing required argument 'id'"],
    [['submit', 'a', 'b'], 'Too many arguments'],
    [['submit', 'a', '--priority', 'high'], 'A whole number is wanted'],
    [['submit', 'a', '--label', 'x'], 'KEY=VALUE is wanted'],
    [['demo', '--tasks', '0'], 'A whole number of at least 1 is wanted'],
    [['errors', '--cursor', 'x'], 'no group is named'],
    [['delete'], 'Name either a job or filters'],
    [['groups', 'show'], 'Which group'],
    [['groups', 'merge', 'grp_1'], 'Into which group'],
    [['policy', 'sett'], 'Allowed choices are list, show, set, unset'],
  ])('%p', async (args, words) => {
    const { code, stdout, stderr } = await runCommand(args);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr.replaceAll('\n', ' ')).toContain(words);
    expect(stderr).toMatch(/See \.\/kintsugi /);
    const json = await runCommand([...args, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'USAGE', exit_code: 64 } });
  });
});
