import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { currentOf, type MessageTemplate } from './live-template.js';
import { MessageTemplates } from './message-templates.js';
import { shippedSettings } from './template-settings.js';
import type { TemplatesSnapshot } from './templates-snapshot.js';
import { templateText } from './wildcard.js';

const people = ['ann', 'bea', 'cem', 'dov', 'eva', 'fay', 'gus'];

function sorted(messages: readonly string[], templates = new MessageTemplates()): MessageTemplate[] {
  return messages.map((message) => templates.templateOf(message)).map((template) => currentOf(template));
}

const idsOf = (messages: readonly string[]) => sorted(messages).map(({ id }) => id);
const textsOf = (messages: readonly string[]) => sorted(messages).map(({ tokens }) => templateText(tokens));

describe('messages of one template', () => {
  test('differ in values', () => {
    expect(new Set(idsOf(['port 1 is closed', 'port 22 is closed', 'port 333 is closed'])).size).toBe(1);
  });

  test('differ in a word once enough others were met in its place', () => {
    const messages = people.map((name) => `the letter to ${name} came back`);
    expect(new Set(textsOf(messages))).toEqual(new Set(['the letter to <*> came back']));
    expect(new Set(textsOf(messages.slice(0, 4))).size).toBe(4);
  });

  test('differ in a name that stands where a value was met', () => {
    expect(new Set(idsOf(['lost host 10.0.0.1:80 again', 'lost host wpad again'])).size).toBe(1);
  });

  test('differ in several words at once, when they are many', () => {
    const words = Array.from({ length: 40 }, (_, at) => String.fromCharCode(97 + (at % 26), 98 + Math.floor(at / 26)).repeat(2));
    const messages = words.map(
      (word, at) => `the worker ${word} could not hand the whole box ${words[39 - at] ?? ''} over to anyone`,
    );
    expect(new Set(textsOf(messages).slice(-5))).toEqual(
      new Set(['the worker <*> could not hand the whole box <*> over to anyone']),
    );
    expect(new Set(idsOf(messages)).size).toBe(1);
  });

  test('are apart where a few words tell them apart', () => {
    expect(new Set(idsOf(['VM started', 'VM stopped', 'VM paused', 'mail is off', 'mail is on'])).size).toBe(5);
  });
});

describe('the id of a template', () => {
  test('stays while it grows more general, and leads on where two become one', () => {
    const templates = new MessageTemplates();
    const given = people.map((name) => templates.templateOf(`the letter to ${name} came back`));
    const [first] = given;
    expect(given.map((template) => currentOf(template).id)).toEqual(people.map(() => first?.id));
    expect(templates.templateOf('the letter to hal came back').id).toBe(first?.id);
  });

  test('is the same wherever the same messages come in the same order', () => {
    const messages = people.flatMap((name) => [`the letter to ${name} came back`, `box ${name.length} is full`]);
    expect(idsOf(messages)).toEqual(idsOf(messages));
  });
});

describe('what others need to know', () => {
  test('a message is known only once it, or one like it, was met', () => {
    const templates = new MessageTemplates();
    expect(templates.known('port 1 is closed')).toBeUndefined();
    const { id } = templates.templateOf('port 1 is closed');
    const { revision } = templates;
    expect(templates.known('port 2 is closed')?.id).toBe(id);
    expect(templates.revision).toBe(revision);
  });

  test('which templates became part of which is told once', () => {
    const templates = new MessageTemplates();
    const ids = people.slice(0, 5).map((name) => templates.templateOf(`the letter to ${name} came back`).id);
    expect(templates.takeJoined().map(({ into }) => into)).toEqual([ids[0], ids[0], ids[0], ids[0]]);
    expect(templates.takeJoined()).toEqual([]);
  });
});

const words = fc.constantFrom(
  'box',
  'mail',
  'to',
  'lost',
  '17',
  '10.0.0.7',
  'ann',
  'bea',
  'cem',
  'dov',
  'eva',
  '=',
  '(x)',
  'user',
);
const stream = fc.array(
  fc.array(words, { maxLength: 6 }).map((parts) => parts.join(' ')),
  { maxLength: 120 },
);

describe('a restart', () => {
  test('changes nothing: what was learnt goes through JSON and on from there', () => {
    const small = { ...shippedSettings, formsMax: 20, familyMax: 3 };
    fc.assert(
      fc.property(stream, fc.nat(120), (messages, at) => {
        const unbroken = new MessageTemplates(small);
        const before = new MessageTemplates(small);
        for (const message of messages.slice(0, at)) {
          unbroken.templateOf(message);
          before.templateOf(message);
        }
        const snapshot = JSON.parse(JSON.stringify(before.snapshot())) as TemplatesSnapshot;
        const after = MessageTemplates.restore(snapshot, small);
        for (const message of messages.slice(at)) {
          const { id, tokens } = unbroken.templateOf(message);
          expect(after.templateOf(message)).toMatchObject({ id, tokens });
        }
      }),
    );
  });
});

describe('what a message may cost', () => {
  test('a line of 1 MB and 100,000 tokens is its beginning', () => {
    const line = 'lorem ipsum '.repeat(84_000);
    const { tokens } = new MessageTemplates().templateOf(line);
    expect(tokens).toHaveLength(shippedSettings.tokensMax);
    expect(idsOf([line])).toEqual(idsOf([line.slice(0, shippedSettings.lengthMax)]));
  });

  test('a word of 1 MB is a value', () => {
    expect(textsOf(['x'.repeat(1_000_000), `key ${'y'.repeat(1_000)}`])).toEqual(['', 'key <*>']);
  });

  test('no more is remembered than the setting says', () => {
    const templates = new MessageTemplates({ ...shippedSettings, formsMax: 50 });
    for (let at = 0; at < 500; at += 1) templates.templateOf(`${wordOf(at)} ${wordOf(at * 7)} ${wordOf(at * 13)}`);
    const { forms, families, templates: kept } = templates.snapshot();
    expect(forms).toHaveLength(50);
    expect(kept.length).toBeLessThanOrEqual(50 + families.length * shippedSettings.familyMax);
  });

  test('messages that only a few characters of punctuation make up get one each', () => {
    expect(textsOf([':::', '((((', '---', '\uE000', '\uE000\uE000 x'])).toEqual([':::', '((((', '---', '<*>', '<*> x']);
  });
});

function wordOf(at: number): string {
  return at.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '');
}
