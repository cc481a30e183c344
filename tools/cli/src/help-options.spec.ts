import { describe, expect, test } from '@jest/globals';
import { Command, Option } from 'commander';
import { withOptions } from './help-options.js';
import { createProgram } from './program.js';

const command = new Command('mend')
  .option('--url <url>', 'The API')
  .option('--json', 'One JSON value')
  .optionsGroup('Options of start:')
  .option('--size <number>', `How many ${'pieces '.repeat(12)}there are`)
  .optionsGroup('Options:')
  .addOption(new Option('--glue <gold|clay>', 'What holds it').choices(['gold', 'clay']));

test('options are told as they are declared, in place of what was told of them', () => {
  const text =
    'Mend.\n\nOptions of end:\n  --gone     Was here\n             once\n\nOptions:\n  --size N   Other\n\nExamples:\n  mend\n';
  expect(withOptions(text, command)).toBe(
    [
      'Mend.',
      '',
      'Options of start:',
      '  --size NUMBER     How many pieces pieces pieces pieces pieces pieces pieces',
      '                    pieces pieces pieces pieces pieces there are',
      '',
      'Options:',
      '  --glue gold|clay  What holds it',
      '  --url URL         The API',
      '  --json            One JSON value',
      '',
      'Examples:',
      '  mend',
      '',
    ].join('\n'),
  );
});

test('what is told once is told the same again', () => {
  const once = withOptions('Options:\n\nExamples:\n', command);
  expect(withOptions(once, command)).toBe(once);
});

describe.each(createProgram().commands.map((each) => [each.name(), each] as const))('%s', (_name, each) => {
  test('says what each option is for', () => {
    expect(each.options.filter(({ description }) => description === '').map(({ long }) => long)).toEqual([]);
  });
});
