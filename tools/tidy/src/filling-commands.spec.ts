import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');
const pages = join(root, 'apps/console/src');

/** The console is of another project, so its catalogue is found by its place. */
const { fillingCommands } = (await import(join(pages, 'display/domain/filling-commands.ts'))) as {
  fillingCommands: Record<string, string>;
};
const { workers, ...ofCommandLine } = fillingCommands;

/** What the reference tells of each command of the command line, by its name. */
const reference = new Map(
  readFileSync(join(root, 'docs/generated/cli.md'), 'utf8')
    .split('\n## kintsugi ')
    .slice(1)
    .map((section) => [/^\S+/.exec(section)?.[0] ?? '', section]),
);

test.each(Object.entries(ofCommandLine))(
  'what fills the place %s is a command, with options that it takes',
  (_place, command) => {
    const calls = [...command.matchAll(/\.\/kintsugi (\S+)([^&]*)/g)];
    expect(calls).not.toEqual([]);
    for (const [, name = '', rest = ''] of calls) {
      const section = reference.get(name);
      expect(section).toBeDefined();
      const options = (rest.split(' -- ')[0] ?? '').match(/--[a-z-]+/g) ?? [];
      for (const option of options) expect(section).toMatch(new RegExp(`${option}(?![a-z-])`));
    }
  },
);

test('the worker that is started where there is none is one of the examples', () => {
  const [, file = ''] = /^node (\S+)$/.exec(workers ?? '') ?? [];
  expect(readFileSync(join(root, file), 'utf8')).not.toBe('');
});

test('each list says what fills it where it is empty, and each place that is told of is shown', () => {
  const sources = readdirSync(pages, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx'))
    .map((file) => readFileSync(join(pages, file), 'utf8'))
    .join('\n');
  for (const [, attributes] of sources.matchAll(/<DataTable([^]*?)heads=/g)) expect(attributes).toMatch(/empty=\{/);
  const used = [...sources.matchAll(/\b(?:of[=:]|empty=)([^}\n]*)/g)].map(([, value]) => value).join(' ');
  const shown = Object.keys(fillingCommands).filter((place) => new RegExp(`['"]${place}['"]`).test(used));
  expect(shown).toEqual(Object.keys(fillingCommands));
});
