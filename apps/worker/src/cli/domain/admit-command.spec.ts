import { describe, expect, test } from '@jest/globals';
import { commandTaskSchema } from '@kintsugi/contracts';
import { parse } from 'yaml';
import { workerRulesSchema } from '../../rules/worker-rules.js';
import { admitCommand } from './admit-command.js';

const { commands: rules } = workerRulesSchema.parse({
  commands: [
    {
      name: 'report',
      executable: '/usr/local/bin/report',
      leading_arguments: ['--batch'],
      arguments: ['*', '--day=*'],
      environment: ['TZ'],
      timeout_s: 60,
    },
    { name: 'bare', executable: '/bin/true' },
  ],
});
const parts = { rules, rulesFile: '/etc/worker.yaml', locate: (name: string) => `/usr/bin/${name}` };
const admit = (task: object) => admitCommand(commandTaskSchema.parse(task), parts);

const refusalOf = (task: object) => {
  const admitted = admit(task);
  if (!('refusal' in admitted)) throw new Error('It was admitted.');
  return admitted.refusal;
};
const allowing = (message: string): unknown => parse(message.slice(message.indexOf('\ncommands:')));

describe('a command that a rule allows', () => {
  test('gets the leading arguments, and then its own', () => {
    expect(admit({ argv: ['report', '--day=1', '; id', '$(id)'] })).toMatchObject({
      rule: { executable: '/usr/local/bin/report' },
      args: ['--batch', '--day=1', '; id', '$(id)'],
      timeoutMs: 60_000,
    });
  });

  test.each([
    [5, 5_000],
    [600, 60_000],
  ])('may ask for %d s, and never gets more than the rule gives', (timeout_s, timeoutMs) => {
    expect(admit({ argv: ['report'], timeout_s })).toMatchObject({ timeoutMs });
  });
});

describe('a command that none allows', () => {
  test.each(['rm', 'report; rm', 'report\u00a0', '/usr/local/bin/report', '../report', '$(report)', '-report'])('%j', (name) => {
    expect(refusalOf({ argv: [name] })).toMatchObject({ error_type: 'cli.command_not_allowed' });
  });

  test('is refused with the lines that allow it, which do', () => {
    const argv = ['ls', '-l', 'a "b": c', 'a\nb'] as const;
    const { commands } = workerRulesSchema.parse(allowing(refusalOf({ argv }).message));
    expect(commands).toMatchObject([{ name: 'ls', executable: '/usr/bin/ls', arguments: ['-l', 'a "b": c', '**'] }]);
    expect(admitCommand(commandTaskSchema.parse({ argv }), { ...parts, rules: commands })).toHaveProperty('rule');
  });
});

describe('what is given with it', () => {
  test.each([[['-rf']], [['a', '--output=/etc/passwd']], [['two\nlines']]])('%j is refused', (args) => {
    expect(refusalOf({ argv: ['report', ...args] })).toMatchObject({ error_type: 'cli.argument_not_allowed' });
  });

  test('arguments are refused with lines that allow all of them', () => {
    const argv = ['bare', '-a', '-b'] as const;
    const { commands } = workerRulesSchema.parse(allowing(refusalOf({ argv }).message));
    expect(admitCommand(commandTaskSchema.parse({ argv }), { ...parts, rules: commands })).toHaveProperty('rule');
  });

  test.each(['LD_PRELOAD', 'NODE_OPTIONS', 'PATH', 'BASH_ENV', 'HOME', 'KINTSUGI_LEASH'])(
    'the variable %s is refused',
    (name) => {
      expect(refusalOf({ argv: ['report'], env: { [name]: 'x' } })).toMatchObject({ error_type: 'cli.environment_not_allowed' });
    },
  );

  test('a variable of the rule is taken', () => {
    expect(admit({ argv: ['report'], env: { TZ: 'UTC' } })).toHaveProperty('rule');
  });

  test('no rule may let tasks set what decides which code is run', () => {
    const command = { name: 'a', executable: '/bin/a', environment: ['LD_PRELOAD'] };
    expect(workerRulesSchema.safeParse({ commands: [command] }).error?.issues).toMatchObject([
      { path: ['commands', 0, 'environment', 0], message: expect.stringContaining('set_environment') },
    ]);
  });

  test('no argument holds the character NUL, which would end it early', () => {
    expect(commandTaskSchema.safeParse({ argv: ['report', 'a\0b'] }).success).toBe(false);
  });
});
