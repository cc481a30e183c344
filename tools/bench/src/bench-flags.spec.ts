import { describe, expect, test } from '@jest/globals';
import { readFlags } from './bench-flags.js';

function read(...argv: string[]) {
  let told = '';
  const keep = (text: string): void => {
    told += text;
  };
  return { reading: readFlags(argv, { writeOut: keep, writeErr: keep }), told };
}

describe('the command line', () => {
  test('may be empty', () => {
    expect(read().reading).toEqual({ kind: 'flags', flags: {} });
  });

  test('names sizes, outputs and what to keep to', () => {
    expect(read('--quick', '--json', '--runs', '2', '--only', 'bulk, bullmq').reading).toEqual({
      kind: 'flags',
      flags: { quick: true, json: true, runs: 2, only: ['bulk', 'bullmq'] },
    });
  });

  test.each([
    ['an unknown name', ['--only', 'bulk,sidekiq'], 'sidekiq is unknown; there are idle, bulk'],
    ['too many runs', ['--runs', '51'], 'from 1 to 50'],
    ['an unknown flag', ['--fast'], '--fast'],
    ['an argument', ['now'], 'argument'],
  ])('with %s is refused with the reason', (_, argv, reason) => {
    const { reading, told } = read(...argv);
    expect(reading).toEqual({ kind: 'fault' });
    expect(told).toContain(reason);
  });

  test('may ask for help', () => {
    const { reading, told } = read('--help');
    expect(reading).toEqual({ kind: 'help' });
    expect(told).toContain('--quick');
  });
});
