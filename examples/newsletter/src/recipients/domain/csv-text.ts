import type { Recipient } from './recipient.js';

const columns = ['id', 'email', 'name', 'language'] as const satisfies (keyof Recipient)[];

/** A recipient list as CSV by RFC 4180, its first line included. */
export function* csvText(recipients: Iterable<Recipient>): Generator<string> {
  yield `${columns.join(',')}\n`;
  for (const recipient of recipients) yield `${columns.map((column) => csvField(recipient[column])).join(',')}\n`;
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
