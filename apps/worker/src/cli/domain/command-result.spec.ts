import { describe, expect, test } from '@jest/globals';
import { jsonBytes, limits } from '@kintsugi/contracts';
import { commandResult } from './command-result.js';
import { KeptOutput } from './kept-output.js';

function resultOf(stdout: string, stderr: string, secrets: string[] = []) {
  const kept = [stdout, stderr].map((text) => {
    const output = new KeptOutput();
    output.push(Buffer.from(text));
    return output;
  });
  return commandResult(
    { exitCode: 0, signal: null, durationMs: 1.23456, stdout: kept[0] as KeptOutput, stderr: kept[1] as KeptOutput },
    secrets,
  );
}

describe('the result of a command is one that the platform keeps', () => {
  test.each([
    ['text', 'a'.repeat(50_000)],
    ['what takes six bytes as JSON', '\u001b'.repeat(50_000)],
    ['quotes', '"\\'.repeat(50_000)],
    ['no text', '\0'.repeat(50_000)],
    ['Japanese', '日'.repeat(50_000)],
  ])('with much %s on both streams', (_, text) => {
    const result = resultOf(text, text);
    expect(jsonBytes(result)).toBeLessThanOrEqual(limits.resultBytes);
    expect(result.stdout_dropped_bytes).toBeGreaterThan(0);
    expect(result.stdout.length).toBeGreaterThan(300);
  });

  test('what one stream leaves free is for the other', () => {
    expect(resultOf('a'.repeat(12_000), 'b')).toMatchObject({ stdout_dropped_bytes: 0, stderr: 'b', stdout_bytes: 12_000 });
  });
});

test('secrets are masked: those of the rule, and what looks like one', () => {
  const { stdout, stderr } = resultOf('key=s3cr3t-value', 'at nats://u:p4ss@host', ['s3cr3t-value']);
  expect([stdout, stderr]).toEqual(['key=…', 'at nats://…@host']);
});

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
  'no part of a secret stands where something was left out, %i bytes further on',
  (shift) => {
    const { stdout } = resultOf('-'.repeat(shift) + 'abcdefghij'.repeat(5_000), '', ['abcdefghij']);
    expect(stdout.replace('bytes left out', '')).not.toMatch(/[a-j]/);
  },
);

test('a secret that holds another is masked whole', () => {
  expect(resultOf('secret-and-more', '', ['secret', 'secret-and-more']).stdout).toBe('…');
});
