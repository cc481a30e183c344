import type { StoredErrorRecord } from './error-record.js';

/**
 * Which sequences of four characters stand in the texts of records: each of them in two of 2,048 rows, which have a bit for each
 * record. Whether a record may hold a text is known without reading it; what passes is read.
 */
export const sieveRows = 2_048;
/** So many records share the rows of one part. */
export const recordsPerPart = 4_096;

export type SievedRecord = Pick<StoredErrorRecord, '_id' | 'error_message' | 'stack_trace' | 'job_type' | 'labels'>;

/** What is asked for; a record has to have all of it. */
export interface Sifted {
  text?: string | undefined;
  job_type?: string | undefined;
  label?: { key: string; value: string } | undefined;
}

const gramLength = 4;
const factor = 0x01_00_01_93;
const factorOfFirst = Math.imul(Math.imul(factor, factor), factor);
const golden = 0x9e_37_79_b1;
const rowShift = Math.clz32(sieveRows) + 1;
/** The bits below those. */
const otherShift = rowShift - (32 - rowShift);
/** What a record has as a whole has so many rows: fewer would let too many pass. */
const rowsOfValue = 4;
/** Of a text that is asked for, so many are looked at, and more would hold hardly more back. */
const rowsOfText = 12;

const bytesPerRow = recordsPerPart / 8;
const bitsOfByte = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** The sieve of up to as many records as a part takes. */
export class SieveBuilder {
  readonly ids: string[] = [];
  private readonly bits = new Uint8Array(sieveRows * bytesPerRow);

  get isFull(): boolean {
    return this.ids.length === recordsPerPart;
  }

  add({ _id, error_message, stack_trace, job_type, labels = {} }: SievedRecord): void {
    const [byte, bit] = [this.ids.length >>> 3, 1 << (this.ids.length & 7)];
    const mark = (row: number): void => {
      const at = row * bytesPerRow + byte;
      this.bits[at] = (this.bits[at] as number) | bit;
    };
    eachRowOf(error_message, mark);
    if (stack_trace !== undefined) eachRowOf(stack_trace, mark);
    for (const row of rowsOf(job_type)) mark(row);
    for (const [key, value] of Object.entries(labels)) for (const row of rowsOf(key, value)) mark(row);
    this.ids.push(_id);
  }

  /** Some rows, one behind the other, each as long as the records that there are take. */
  rows(first: number, count: number): Uint8Array {
    const length = Math.ceil(this.ids.length / 8);
    const some = new Uint8Array(count * length);
    for (let at = 0; at < count; at += 1) {
      const start = (first + at) * bytesPerRow;
      some.set(this.bits.subarray(start, start + length), at * length);
    }
    return some;
  }
}

/** The rows that a record has to have; none where every record passes. */
export function rowsAskedFor(sifted: Sifted): number[] {
  return [...new Set(rowsOfEach(sifted).flat())];
}

/** Those of each thing that is asked for. */
function rowsOfEach({ text, job_type, label }: Sifted): number[][] {
  const all: number[] = [];
  if (text !== undefined) eachRowOf(text, (row) => all.push(row));
  const ofText = [...new Set(all)];
  const few = Math.min(rowsOfText, ofText.length);
  const spread = Array.from({ length: few }, (_, at) => ofText[Math.floor((at * ofText.length) / few)] as number);
  return [spread, job_type === undefined ? [] : rowsOf(job_type), label ? rowsOf(label.key, label.value) : []];
}

/** The numbers of the records that all of some rows have. */
export function passing(rows: readonly Uint8Array[]): number[] {
  const [first, ...others] = rows;
  const numbers: number[] = [];
  first?.forEach((byte, at) => {
    const left = others.reduce((bits, row) => bits & (row[at] as number), byte);
    for (let bit = 0; left >>> bit !== 0; bit += 1) if ((left >>> bit) & 1) numbers.push(at * 8 + bit);
  });
  return numbers;
}

/**
 * Which of the rows that are asked for are enough for each thing that is: what all records of some parts have, or none, may tell most
 * in others.
 * @param parts each has the bits of each of those rows
 */
export function tellingRows(sifted: Sifted, parts: readonly (readonly Uint8Array[])[]): number[] {
  const places = new Map(rowsAskedFor(sifted).map((row, at) => [row, at]));
  const telling = rowsOfEach(sifted).flatMap((rows) => {
    const bitsOfRows = parts.map((bits) => rows.map((row) => bits[places.get(row) as number] as Uint8Array));
    return enoughOf(bitsOfRows).map((at) => rows[at] as number);
  });
  return [...new Set(telling)];
}

/**
 * The places of rows that hold back all that all of them hold back: a word shares most of its sequences with very many others, and one
 * or two tell it from them. One more is among them, for other parts.
 */
function enoughOf(parts: readonly (readonly Uint8Array[])[]): number[] {
  const sizes = (parts[0] ?? []).map((_, row) => parts.reduce((sum, bits) => sum + sizeOf(bits[row] as Uint8Array), 0));
  const sparsestFirst = [...sizes.keys()].sort((one, other) => (sizes[one] as number) - (sizes[other] as number));
  const left = parts.map(([first]) => new Uint8Array(first?.length ?? 0).fill(0xff));
  const passed = sparsestFirst.map((row) => {
    left.forEach((bits, part) => narrow(bits, parts[part]?.[row] as Uint8Array));
    return left.reduce((sum, bits) => sum + sizeOf(bits), 0);
  });
  const last = passed.at(-1);
  return sparsestFirst.slice(0, passed.findIndex((count) => count === last) + 2);
}

function narrow(bits: Uint8Array, by: Uint8Array): void {
  for (let at = 0; at < bits.length; at += 1) bits[at] = (bits[at] as number) & (by[at] as number);
}

function sizeOf(bits: Uint8Array): number {
  let size = 0;
  for (const byte of bits) size += bitsOfByte[byte] as number;
  return size;
}

function eachRowOf(text: string, mark: (row: number) => void): void {
  let gram = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (at >= gramLength) gram = (gram - Math.imul(foldedAt(text, at - gramLength), factorOfFirst)) | 0;
    gram = (Math.imul(gram, factor) + foldedAt(text, at)) | 0;
    if (at < gramLength - 1) continue;
    const mixed = Math.imul(gram, golden);
    mark(mixed >>> rowShift);
    mark((mixed >>> otherShift) & (sieveRows - 1));
  }
}

function rowsOf(...given: string[]): number[] {
  const text = JSON.stringify(given);
  let [one, other] = [0, factor];
  for (let at = 0; at < text.length; at += 1) {
    one = Math.imul(one ^ text.charCodeAt(at), factor);
    other = Math.imul(other + text.charCodeAt(at), golden);
  }
  return Array.from({ length: rowsOfValue }, (_, at) => Math.imul((one + Math.imul(at, other)) | 0, golden) >>> rowShift);
}

/** Of what is no ASCII character; 0 where it was not needed yet. */
const foldedCodes = new Uint16Array(0x1_00_00);
const asciiEnd = 0x80;
const [upperA, upperZ, toLower] = [0x41, 0x5a, 0x20];
/** Stands for all that have a case and are no ASCII: what is upper and what is lower there is left to the database. */
const anyCased = 0xff_fd;

/** A character as it is compared: those that the database takes for one, whatever their case, are one here. */
function foldedAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < asciiEnd) return code >= upperA && code <= upperZ ? code + toLower : code;
  return foldedCodes[code] || (foldedCodes[code] = foldedOf(code));
}

function foldedOf(code: number): number {
  const character = String.fromCharCode(code);
  // The long s, the sign of Kelvin and the i of Turkish: there are tables in which they are ASCII letters of another case.
  const ascii = { ſ: 's', '\u212a': 'k', ı: 'i', İ: 'i' }[character];
  if (ascii !== undefined) return ascii.charCodeAt(0);
  const isHalf = code >= 0xd8_00 && code <= 0xdf_ff;
  return isHalf || character.toLowerCase() !== character.toUpperCase() ? anyCased : code;
}
