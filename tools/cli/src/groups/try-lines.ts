import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { MessageTemplates, currentOf, templateText, type MessageTemplate } from '@kintsugi/message-templates';
import { Failure } from '../failure.js';
import type { Output } from '../terminal/output.js';
import { harmless } from '../terminal/text-width.js';
import { linesOf } from './lines-of.js';

/** Characters of a line that are read; what is looked at is less. */
const lineLengthMax = 16_384;

/** Lines of an answer that are written at once. */
const linesAtOnce = 1_000;

/**
 * Groups the lines of a file as the messages of errors are grouped, and tells of each its template. A template grows more
 * general with the lines that come, so the answer follows the last of them; until then a line is a reference.
 */
export async function tryLines(file: string, output: Output): Promise<void> {
  const templates = new MessageTemplates();
  const found: MessageTemplate[] = [];
  for await (const line of linesOf(await opened(file), lineLengthMax)) found.push(templates.templateOf(line));
  const texts = new Map<MessageTemplate, string>();
  const textOf = (template: MessageTemplate): string => {
    const known = texts.get(template);
    if (known !== undefined) return known;
    const text = templateText(template.tokens);
    texts.set(template, text);
    return text;
  };
  for (let from = 0; from < found.length; from += linesAtOnce) {
    const part = found.slice(from, from + linesAtOnce).map((template, at) => {
      const current = currentOf(template);
      const text = textOf(current);
      return output.json
        ? JSON.stringify({ line: from + at + 1, template_id: current.id, template: text })
        : `${current.id}  ${harmless(text)}`;
    });
    output.outcome(part);
  }
}

async function opened(file: string): Promise<AsyncIterable<Uint8Array>> {
  if (file === '-') return process.stdin;
  const advice = 'Name a file of one message a line, or - for standard input. See ./kintsugi groups --help';
  const found = await stat(file).catch(() => null);
  if (!found) throw new Failure('USAGE', `There is no file ${file}.`, { advice });
  if (found.isDirectory()) throw new Failure('USAGE', `${file} is a folder.`, { advice });
  return createReadStream(file);
}
