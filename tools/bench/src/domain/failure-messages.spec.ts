import { expect, test } from '@jest/globals';
import { MessageTemplates } from '@kintsugi/message-templates';
import { failureMessage, hostileMessages } from './failure-messages.js';

test('a message is made from its number alone, each differs, and they are of a thousand kinds', () => {
  const messages = Array.from({ length: 3_000 }, (_, n) => failureMessage(n));
  expect(messages).toEqual(Array.from({ length: 3_000 }, (_, n) => failureMessage(n)));
  expect(new Set(messages).size).toBe(3_000);
  const kinds = messages.map((message) => message.replaceAll(/\S*\d\S*/g, '#'));
  expect(new Set(kinds).size).toBe(1_000);
});

test('hostile messages differ, are long, and are sorted all the same', () => {
  const messages = hostileMessages();
  expect(new Set(messages).size).toBe(messages.length);
  expect(Math.min(...messages.map((message) => message.length))).toBeGreaterThanOrEqual(64 * 1024);
  const templates = new MessageTemplates();
  for (const message of messages) expect(templates.templateOf(message).id).toMatch(/\S/);
});
