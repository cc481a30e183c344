import { subjects } from '@kintsugi/contracts';
import type { Sample } from './sample-parts.js';
import { randomFrom } from './random-from.js';

/** A message as it goes over the wire; `headers` is the whole block, whatever it holds. */
export interface RawMessage {
  subject: string;
  reply: string;
  headers: string;
  body: Uint8Array;
}

const nastyTexts = [
  '',
  'a b',
  'a\tb',
  'a\r\nb',
  '\0',
  '*',
  '>',
  'a.b',
  '__proto__',
  'constructor',
  '\ud800',
  'ä',
  `${'x'.repeat(5_000)}`,
];
const nastyJson = [
  ...['null', 'true', '-1', '0', '1.5', '1e308', '1e999', '9007199254740993', '[]', '{}', '[[]]', '{"_bsontype":"ObjectId"}'],
  ...[
    '{"a\\u0000":1}',
    '{"$gt":1}',
    '{"__proto__":{"a":1}}',
    '{"constructor":{"prototype":1}}',
    `${'['.repeat(60)}${']'.repeat(60)}`,
  ],
  ...nastyTexts.map((text) => JSON.stringify(text)),
];
const headerBlocks = [
  'NATS/1.0\r\nb d: 1\r\n\r\n',
  'NATS/1.0\r\nnothing\r\n\r\n',
  'NATS/1.0 503\r\n\r\n',
  'NATS/1.0 409 Message Size Exceeds MaxBytes\r\n\r\n',
  'NATS/1.0 100 Idle Heartbeat\r\nNats-Last-Consumer: x\r\n\r\n',
  'NATS/1.0 404 No Messages\r\nNats-Pending-Messages: -5\r\n\r\n',
  'NATS/9\r\n\r\n',
  'garbage\r\n\r\n',
  'NATS/1.0\r\n: \r\n\r\n',
  'NATS/1.0\r\nKin-Request-Id: \u0000\u0001\r\nKin-Reply-To: kin.cmd.createJob\r\nKin-Problem: x\r\n\r\n',
];
const replies = [
  '',
  '',
  'answers.of.nobody',
  subjects.outcomes,
  subjects.command('createJob'),
  '$JS.API.INFO',
  'a..b',
  'a.>',
  '_INBOX.x',
];

/** Makes of sound messages others that are not, by structure and by bytes. The same seed gives the same messages. */
export class Mutations {
  private readonly random: () => number;

  constructor(
    seed: number,
    private readonly samples: readonly Sample[],
  ) {
    this.random = randomFrom(seed);
  }

  /** @param inboxes where answers are awaited just now, as anybody can overhear */
  next(inboxes: readonly string[]): RawMessage {
    const sample = this.pick(this.samples);
    const toInbox = inboxes.length > 0 && this.chance(0.02);
    return {
      subject: toInbox ? this.pick(inboxes) : this.chance(0.03) ? this.otherSubject(sample.subject) : sample.subject,
      reply: this.pick(replies),
      headers: this.headersOf(sample),
      body: this.bodyOf(sample),
    };
  }

  private chance(share: number): boolean {
    return this.random() < share;
  }

  private below(bound: number): number {
    return Math.floor(this.random() * bound);
  }

  private pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  private otherSubject(subject: string): string {
    const tokens = subject.split('.');
    tokens[tokens.length - 1] = this.pick(['constructor', '__proto__', 'x', 'createJob', 'a-b', 'y'.repeat(100)]);
    return tokens.join('.');
  }

  private headersOf({ headers }: Sample): string {
    if (this.chance(0.1)) return this.pick(headerBlocks);
    if (!headers) return '';
    const given = Object.entries(headers).map(([name, value]): [string, string] => {
      if (!this.chance(0.05)) return [name, value];
      return [name, this.pick([...nastyTexts, 'kintsugi.constructor.v1', '%', '%00', 'not a time']).replace(/[\r\n]/g, '')];
    });
    // The broker would drop what has the id of an earlier one.
    return `NATS/1.0\r\n${given.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`;
  }

  private bodyOf({ body }: Sample): Uint8Array {
    const text = typeof body === 'string' ? body : this.mutated(body);
    const bytes = Buffer.from(text);
    if (!this.chance(0.15)) return bytes;
    const broken = Buffer.from(bytes);
    for (let flip = this.below(4); flip >= 0 && broken.length > 0; flip -= 1) broken[this.below(broken.length)] = this.below(256);
    const cut = this.chance(0.5) ? this.below(broken.length + 1) : broken.length;
    return Buffer.concat([broken.subarray(0, cut), bytes.subarray(this.below(bytes.length + 1))]);
  }

  /** The JSON text of a value in which one or more parts, wherever they stand, are missing, doubled, renamed or of another kind. */
  private mutated(value: unknown): string {
    const places = new Set<unknown>();
    collectPlaces(value, places);
    const struck = new Set([...Array(1 + this.below(2))].map(() => this.pick([...places])));
    return this.written(value, struck);
  }

  private written(value: unknown, struck: ReadonlySet<unknown>): string {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const isList = Array.isArray(value);
    const parts = Object.entries(value).map(([key, inner]) => ({ key: JSON.stringify(key), text: this.written(inner, struck) }));
    if (struck.has(value)) this.strike(parts);
    const texts = parts.map(({ key, text }) => (isList ? text : `${key}:${text}`));
    return isList ? `[${texts.join(',')}]` : `{${texts.join(',')}}`;
  }

  private strike(parts: { key: string; text: string }[]): void {
    const at = this.below(parts.length + 1);
    const part = parts[at] ?? { key: JSON.stringify(this.pick(nastyTexts)), text: this.pick(nastyJson) };
    const how = this.below(10);
    if (how < 6) parts.splice(at, 1, { ...part, text: this.pick(nastyJson) });
    else if (how < 7) parts.splice(at, 1);
    else if (how < 8) parts.push(part, part);
    else if (how < 9) parts.splice(at, 1, { ...part, key: JSON.stringify(this.pick(nastyTexts)) });
  }
}

function collectPlaces(value: unknown, places: Set<unknown>): void {
  if (typeof value !== 'object' || value === null) return;
  places.add(value);
  for (const inner of Object.values(value)) collectPlaces(inner, places);
}
