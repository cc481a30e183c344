import { describe, expect, it } from '@jest/globals';
import { commandLines, fit, fitMiddle, harmless, joinParts, widthOf, wrap } from './text-width.js';

describe('the width of a text', () => {
  it('counts columns: none for colours, two for wide characters, one for a letter with its marks', () => {
    expect(widthOf('abc')).toBe(3);
    expect(widthOf('\u001b[31mabc\u001b[39m')).toBe(3);
    expect(widthOf('日本')).toBe(4);
    expect(widthOf('é')).toBe(1);
    expect(widthOf('e\u0301')).toBe(1);
    expect(widthOf('👍')).toBe(2);
    expect(widthOf('')).toBe(0);
  });

  it('is kept by cutting', () => {
    expect(fit('recovery', 8)).toBe('recovery');
    expect(fit('recovery', 5)).toBe('reco…');
    expect(fit('日本語', 4)).toBe('日…');
    expect(fitMiddle('job_0190-abcd', 9)).toBe('job_…abcd');
    expect(fitMiddle('job_1', 9)).toBe('job_1');
  });

  it('is kept by wrapping, inside a word only when it is longer than a line', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
    expect(wrap('a\n\nb', 4)).toEqual(['a', '', 'b']);
    expect(wrap('日本語', 4)).toEqual(['日本', '語']);
  });
});

describe('parts', () => {
  it('are joined into lines and never broken', () => {
    expect(joinParts(['dead 3', 'running 4', 'ready 5'], 17)).toEqual(['dead 3  running 4', 'ready 5']);
    expect(joinParts(['dead 3'], 2)).toEqual(['dead 3']);
    expect(joinParts([], 80)).toEqual([]);
  });
});

describe('a command to copy', () => {
  it('is continued on the next line when it is too long, and never cut', () => {
    expect(commandLines('./kintsugi down', '--home /a', 40)).toEqual(['./kintsugi down --home /a']);
    expect(commandLines('./kintsugi down', '--home /a', 20)).toEqual(['./kintsugi down \\', '    --home /a']);
  });
});

describe('a text by others', () => {
  it('cannot steer the terminal', () => {
    expect(harmless('\u001b[2Jgone\r\u0007')).toBe('\\u001b[2Jgone\\u000d\\u0007');
    expect(harmless('two\nlines\tand a tab')).toBe('two↵lines and a tab');
    expect(harmless('\u202egnp.exe')).toBe('\\u202egnp.exe');
  });
});
