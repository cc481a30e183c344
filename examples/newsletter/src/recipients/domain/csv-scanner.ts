import { LineFault } from './line-fault.js';

/** A row of a CSV file and the line on which it begins. */
export interface CsvRow {
  line: number;
  fields: string[];
}

/** A field longer than this is taken for a quote that was never closed. */
const fieldLengthMax = 10_000;

type State = 'field start' | 'plain' | 'quoted' | 'quote in quoted' | 'carriage return';

/**
 * Reads CSV by RFC 4180 from text that comes in pieces, cut anywhere: quoted fields may hold commas, doubled quotes
 * and line breaks. A line may also end in a bare line feed, and one with nothing in it is no row.
 */
export class CsvScanner {
  private state: State = 'field start';
  private field = '';
  private fields: string[] = [];
  /** Whether the row holds a quoted field: an empty one is a row of one field all the same. */
  private isQuoted = false;
  private line = 1;
  private rowLine = 1;
  private rows: CsvRow[] = [];

  /** The rows that this piece completed. */
  push(text: string): CsvRow[] {
    for (const character of text) {
      this.take(character);
      if (character === '\n') this.line += 1;
      if (this.field.length > fieldLengthMax) {
        throw new LineFault(this.rowLine, `a field is longer than ${fieldLengthMax} characters; is a quote not closed?`);
      }
      if (this.fields.length === 0 && this.state === 'field start') this.rowLine = this.line;
    }
    return this.completed();
  }

  /** The last row, where the text does not end in a line break. */
  end(): CsvRow[] {
    if (this.state === 'quoted') throw new LineFault(this.rowLine, 'the text ends within quotes');
    if (this.state === 'carriage return') throw this.bareCarriageReturn();
    if (this.state !== 'field start' || this.fields.length > 0) this.endRow();
    return this.completed();
  }

  private take(character: string): void {
    switch (this.state) {
      case 'field start':
        if (character === '"') this.beginQuoted();
        else this.takePlain(character);
        return;
      case 'plain':
        if (character === '"') throw new LineFault(this.line, 'a quote within a field that does not begin with one');
        this.takePlain(character);
        return;
      case 'quoted':
        if (character === '"') this.state = 'quote in quoted';
        else this.field += character;
        return;
      case 'quote in quoted':
        if (character === '"') {
          this.field += '"';
          this.state = 'quoted';
        } else if (!this.takeSeparator(character)) {
          throw new LineFault(
            this.line,
            `${JSON.stringify(character)} after a closing quote, where a comma or the end of the line belongs`,
          );
        }
        return;
      case 'carriage return':
        if (character !== '\n') throw this.bareCarriageReturn();
        this.endRow();
    }
  }

  private beginQuoted(): void {
    this.state = 'quoted';
    this.isQuoted = true;
  }

  private takePlain(character: string): void {
    if (this.takeSeparator(character)) return;
    this.field += character;
    this.state = 'plain';
  }

  private takeSeparator(character: string): boolean {
    if (character === ',') this.endField();
    else if (character === '\n') this.endRow();
    else if (character === '\r') this.state = 'carriage return';
    else return false;
    return true;
  }

  private endField(): void {
    this.fields.push(this.field);
    this.field = '';
    this.state = 'field start';
  }

  private endRow(): void {
    const isBlank = this.fields.length === 0 && this.field.trim() === '' && !this.isQuoted;
    this.endField();
    if (!isBlank) this.rows.push({ line: this.rowLine, fields: this.fields });
    this.fields = [];
    this.isQuoted = false;
  }

  private completed(): CsvRow[] {
    const rows = this.rows;
    this.rows = [];
    return rows;
  }

  private bareCarriageReturn(): LineFault {
    return new LineFault(this.line, 'a carriage return without a line feed');
  }
}
