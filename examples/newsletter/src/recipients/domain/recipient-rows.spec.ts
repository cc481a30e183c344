import { describe, expect, test } from '@jest/globals';
import { LineFault } from './line-fault.js';
import { RecipientRows } from './recipient-rows.js';

const header = { line: 1, fields: ['id', 'email', 'name', 'language'] };

function faultOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof LineFault) return `${error.line}: ${error.message}`;
    throw error;
  }
  throw new Error('The rows were accepted.');
}

describe('the rows of a recipient list', () => {
  test('become recipients by the names in the first line, in any order', () => {
    const rows = new RecipientRows({ line: 1, fields: ['email', 'plan', 'id'] });
    expect(rows.recipient({ line: 2, fields: ['anna@example.org', 'gold', 'r1'] })).toEqual({
      id: 'r1',
      email: 'anna@example.org',
      name: '',
      language: 'en',
    });
  });

  test('need a first line that names id and email, each once', () => {
    expect(faultOf(() => new RecipientRows({ line: 1, fields: ['r1', 'anna@example.org'] }))).toBe(
      '1: the first line must name the columns, id and email among them; it says "r1,anna@example.org"',
    );
    expect(faultOf(() => new RecipientRows({ line: 1, fields: ['id', 'email', 'id'] }))).toBe(
      '1: the column "id" is named twice',
    );
  });

  test('are refused with their line when a field is missing or too many', () => {
    const rows = new RecipientRows(header);
    expect(faultOf(() => rows.recipient({ line: 7, fields: ['r1', 'anna@example.org', 'Anna'] }))).toBe(
      '7: 4 fields belong here, as many as line 1 names, but there are 3',
    );
  });

  test.each([
    '',
    'anna',
    'anna@',
    '@example.org',
    'an na@example.org',
    'anna@example.org\r\nBcc: x',
    '<anna@example.org>',
    'anna@-',
    `${'a'.repeat(65)}@example.org`,
  ])('are refused when %j stands for the address', (email) => {
    expect(faultOf(() => new RecipientRows(header).recipient({ line: 2, fields: ['r1', email, 'Anna', 'en'] }))).toMatch(
      /^2: the email ".*" is not an address$/,
    );
  });

  test('are refused when the id could not name a task', () => {
    expect(faultOf(() => new RecipientRows(header).recipient({ line: 2, fields: ['r 1', 'anna@example.org', '', ''] }))).toMatch(
      /^2: the id must be/,
    );
  });

  test('may name an address once, whatever its case', () => {
    const rows = new RecipientRows(header);
    rows.recipient({ line: 2, fields: ['r1', 'anna@example.org', '', ''] });
    expect(faultOf(() => rows.recipient({ line: 9, fields: ['r2', 'Anna@Example.org', '', ''] }))).toBe(
      '9: the email "anna@example.org" is on line 2 already',
    );
  });
});
