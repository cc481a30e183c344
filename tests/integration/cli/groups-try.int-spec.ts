import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { runCommand } from '../../command-line.js';

let folder: TemporaryFolder;

beforeAll(() => {
  folder = createTemporaryFolder('groups-try');
});

afterAll(() => folder.remove());

const lines = [
  'port 1 is closed',
  'mail is off',
  '',
  ...['ann', 'bea', 'cem', 'dov', 'eva'].map((name) => `no mail for ${name}`),
];
/** What names are is known with the fifth of them only. */
const templates = ['port <*> is closed', 'mail is off', '', ...Array.from({ length: 5 }, () => 'no mail for <*>')];
const nowhere = { KINTSUGI_HOME: '/nonexistent', KINTSUGI_URL: 'http://127.0.0.1:9' };

interface TriedLine {
  line: number;
  template_id: string;
  template: string;
}

const read = (stdout: string): TriedLine[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TriedLine);

describe('groups try', () => {
  test('tells of each line of a file its template, as it is after the last line, with no platform', async () => {
    const file = join(folder.path, 'lines.log');
    writeFileSync(file, `${lines.join('\n')}\n`);
    const { stdout, code } = await runCommand(['groups', 'try', file, '--json'], nowhere);
    expect(code).toBe(0);
    const told = read(stdout);
    expect(told.map(({ line, template }) => [line, template])).toEqual(templates.map((text, at) => [at + 1, text]));
    expect(new Set(told.map(({ template_id }) => template_id)).size).toBe(4);
  });

  test('says the same of standard input, a line for a person each', async () => {
    const { stdout, code } = await runCommand(['groups', 'try', '-'], nowhere, lines.join('\r\n'));
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^tpl_[0-9a-f]{16} ?/, '').trim()),
    ).toEqual(templates);
  });

  test('names a file that is not there', async () => {
    const { stdout, stderr, code } = await runCommand(['groups', 'try', join(folder.path, 'none.log')], nowhere);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain('There is no file');
  });
});
