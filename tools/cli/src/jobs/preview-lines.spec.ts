import { expect, test } from '@jest/globals';
import type { JobPreview } from '@kintsugi/contracts';
import { Output } from '../terminal/output.js';
import { previewLines } from './preview-lines.js';

const screen = new Output({ write: () => undefined }, { write: () => undefined }, false, {});

test('a preview is told rule by rule, within 80 columns', () => {
  const long = 'Jobs of the priorities 6 to 9 go before it, and whatever else has to be said of it in so many words.';
  const rules = [
    { field: 'priority', value: 5, from: 'default' as const, says: long },
    { field: 'max_parallel_tasks', value: null, from: 'default' as const, says: 'As many as there is room for.' },
  ];
  const lines = previewLines({ validate_only: true, rules } as JobPreview, screen);
  expect(lines[0]).toContain('nothing was stored');
  expect(lines.join('\n')).toMatch(/priority +Jobs of the priorities 6 to 9[^]*max_parallel_tasks {2,}As many/);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});
