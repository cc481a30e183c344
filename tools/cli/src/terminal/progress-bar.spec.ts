import { describe, expect, it } from '@jest/globals';
import { progressBar } from './progress-bar.js';

const plain = (text: string) => text;
const letters = (letter: string) => (text: string) => letter.repeat(text.length);

describe('a progress bar', () => {
  it('is full only when nothing is missing', () => {
    expect(progressBar([{ share: 0.5, paint: plain }], 4, plain)).toBe('██░░');
    expect(progressBar([{ share: 0.9999, paint: plain }], 4, plain)).toBe('███░');
    expect(progressBar([{ share: 1, paint: plain }], 4, plain)).toBe('████');
    expect(progressBar([], 4, plain)).toBe('░░░░');
  });

  it('shows its parts in turn', () => {
    const parts = [
      { share: 0.5, paint: letters('s') },
      { share: 0.25, paint: letters('d') },
    ];
    expect(progressBar(parts, 8, letters('.'))).toBe('ssssdd..');
  });
});
