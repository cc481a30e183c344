import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CsvScanner, type CsvRow } from './csv-scanner.js';
import { LineFault } from './line-fault.js';

function scan(...pieces: string[]): CsvRow[] {
  const scanner = new CsvScanner();
  return [...pieces.flatMap((piece) => scanner.push(piece)), ...scanner.end()];
}

const fieldsOf = (...pieces: string[]): string[][] => scan(...pieces).map((row) => row.fields);

function faultOf(text: string): { line: number; message: string } {
  try {
    scan(text);
  } catch (error) {
    if (error instanceof LineFault) return { line: error.line, message: error.message };
    throw error;
  }
  throw new Error('The text was accepted.');
}

describe('CSV by RFC 4180', () => {
  test('rows end in CRLF or LF, the last one also without', () => {
    expect(fieldsOf('a,b\r\nc,d\ne,f')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ]);
    expect(fieldsOf('a,b\n')).toEqual([['a', 'b']]);
    expect(fieldsOf('')).toEqual([]);
  });

  test('empty fields are fields', () => {
    expect(fieldsOf(',\n"",x\n,')).toEqual([
      ['', ''],
      ['', 'x'],
      ['', ''],
    ]);
  });

  test('quoted fields hold commas, doubled quotes and line breaks', () => {
    expect(fieldsOf('"Kovács, Anna","say ""hi""","two\r\nlines"\n')).toEqual([['Kovács, Anna', 'say "hi"', 'two\r\nlines']]);
  });

  test('a row names the line on which it begins, also after a field of several lines', () => {
    expect(scan('a\n"b\nb"\nc\n').map((row) => row.line)).toEqual([1, 2, 4]);
  });

  test('a blank line is no row, wherever it stands, and counts as a line', () => {
    const rows = scan('\n  \r\na,b\n\n\nc,d\r\n\r\n"e\n\n",f\n \n');
    expect(rows).toEqual([
      { line: 3, fields: ['a', 'b'] },
      { line: 6, fields: ['c', 'd'] },
      { line: 8, fields: ['e\n\n', 'f'] },
    ]);
    expect(scan('""\n\t')).toEqual([{ line: 1, fields: [''] }]);
  });

  test('what breaks the rules is refused with its line', () => {
    expect(faultOf('a,b\nc,d"e\n')).toEqual({ line: 2, message: 'a quote within a field that does not begin with one' });
    expect(faultOf('a\n"b"c\n')).toEqual({
      line: 2,
      message: '"c" after a closing quote, where a comma or the end of the line belongs',
    });
    expect(faultOf('a\n"b\nc')).toEqual({ line: 2, message: 'the text ends within quotes' });
    expect(faultOf('a\rb')).toEqual({ line: 1, message: 'a carriage return without a line feed' });
    expect(faultOf('a\r')).toEqual({ line: 1, message: 'a carriage return without a line feed' });
    expect(faultOf(`a\n"${'x'.repeat(10_001)}`).message).toMatch(/is a quote not closed/);
  });

  test('what is written by the rules reads back the same, wherever the pieces are cut', () => {
    const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
    const rows = fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), { maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.nat({ max: 50 }), (table, cut) => {
        const text = table.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
        expect(fieldsOf(text.slice(0, cut), text.slice(cut))).toEqual(table);
      }),
    );
  });
});
