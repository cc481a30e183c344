import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { CsvScanner } from '../domain/csv-scanner.js';
import { LineFault } from '../domain/line-fault.js';
import { RecipientRows } from '../domain/recipient-rows.js';
import type { Recipient } from '../domain/recipient.js';

/** A recipient list that cannot be used. The message names the list and, where there is one, the line. */
export class RecipientListError extends Error {
  override readonly name = 'RecipientListError';
}

/** The recipients of a CSV file, one by one as the file is read. Of what it has read it keeps the addresses only. */
export async function* readRecipients(path: string): AsyncGenerator<Recipient> {
  const list = basename(path);
  const scanner = new CsvScanner();
  let rows: RecipientRows | undefined;
  let count = 0;
  try {
    for await (const text of textOf(path)) {
      for (const row of text === undefined ? scanner.end() : scanner.push(text)) {
        if (rows === undefined) {
          rows = new RecipientRows(row);
        } else {
          yield rows.recipient(row);
          count += 1;
        }
      }
    }
  } catch (error) {
    throw listError(list, error);
  }
  if (count === 0) {
    throw new RecipientListError(
      `${list} holds no recipient; the first line names the columns, the recipients begin on the second.`,
    );
  }
}

/** The file's text in pieces; `undefined` stands for its end. */
async function* textOf(path: string): AsyncGenerator<string | undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const bytes of createReadStream(path) as AsyncIterable<Uint8Array>) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
  yield undefined;
}

function listError(list: string, error: unknown): unknown {
  if (error instanceof LineFault) return new RecipientListError(`${list}, line ${error.line}: ${error.message}.`);
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return new RecipientListError(`${list} is not UTF-8 text.`);
  if (code === 'ENOENT') return new RecipientListError(`There is no file ${list}.`);
  if (code === 'EISDIR' || code === 'EACCES') return new RecipientListError(`${list} cannot be read (${code}).`);
  return error;
}
