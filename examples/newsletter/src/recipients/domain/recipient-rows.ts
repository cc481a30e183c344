import type { CsvRow } from './csv-scanner.js';
import { isEmailAddress } from './email-address.js';
import { LineFault } from './line-fault.js';
import type { Recipient } from './recipient.js';

const required = ['id', 'email'] as const;
const idPattern = /^[\x21-\x7e]{1,128}$/;

/**
 * Turns the rows of a list into recipients. The first row names the columns: `id` and `email` must be there, `name`
 * and `language` may be, any other column is left alone. An address may be there once only.
 */
export class RecipientRows {
  private readonly columns: string[];
  private readonly lineOfEmail = new Map<string, number>();

  constructor(private readonly header: CsvRow) {
    this.columns = header.fields;
    for (const name of required) {
      if (this.columns.includes(name)) continue;
      throw new LineFault(
        header.line,
        `the first line must name the columns, ${required.join(' and ')} among them; it says ${JSON.stringify(this.columns.join(',').slice(0, 200))}`,
      );
    }
    const twice = this.columns.find((name, index) => this.columns.indexOf(name) !== index);
    if (twice !== undefined) throw new LineFault(header.line, `the column ${JSON.stringify(twice.slice(0, 100))} is named twice`);
  }

  recipient(row: CsvRow): Recipient {
    if (row.fields.length !== this.columns.length) {
      throw new LineFault(
        row.line,
        `${this.columns.length} fields belong here, as many as line ${this.header.line} names, but there are ${row.fields.length}`,
      );
    }
    const id = this.field(row, 'id');
    const email = this.field(row, 'email');
    if (!idPattern.test(id)) {
      throw new LineFault(row.line, `the id must be 1 to 128 printable ASCII characters without spaces, but is ${shown(id)}`);
    }
    if (!isEmailAddress(email)) throw new LineFault(row.line, `the email ${shown(email)} is not an address`);
    this.refuseRepeated(email.toLowerCase(), row.line);
    return { id, email, name: this.field(row, 'name'), language: this.field(row, 'language') || 'en' };
  }

  private field(row: CsvRow, column: keyof Recipient): string {
    return row.fields[this.columns.indexOf(column)] ?? '';
  }

  private refuseRepeated(email: string, line: number): void {
    const before = this.lineOfEmail.get(email);
    if (before !== undefined) throw new LineFault(line, `the email ${shown(email)} is on line ${before} already`);
    this.lineOfEmail.set(email, line);
  }
}

function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
