import { expect, test } from '@jest/globals';
import { SecretMask } from './secret-mask.js';

test.each([
  ['as it is', 'pass"word ä', 'say pass"word ä twice: pass"word ä', 'say … twice: …'],
  ['as JSON', 'pass"word', '{"p":"pass\\"word"}', '{"p":"…"}'],
  ['as a part of a URL', 'pass word', '/?p=pass%20word', '/?p=…'],
  ['of several lines', 'line one\nline two', 'has line one and line two', 'has … and …'],
  ['that holds another', 'secret-long', 'secret-long', '…'],
])('a secret %s is taken out', (_, secret, text, clean) => {
  expect(new SecretMask([secret, 'secret']).apply(text)).toBe(clean.replaceAll('secret', '…'));
});

test('what looks like a secret is taken out of any text', () => {
  expect(new SecretMask().apply('from https://ada:hunter2@example.com/x')).toBe('from https://…@example.com/x');
});

test('a copy learns for itself', () => {
  const worker = new SecretMask(['of-the-worker']);
  const run = worker.copy();
  run.add('of-the-run');
  expect(run.apply('of-the-worker of-the-run')).toBe('… …');
  expect(worker.apply('of-the-run')).toBe('of-the-run');
});
