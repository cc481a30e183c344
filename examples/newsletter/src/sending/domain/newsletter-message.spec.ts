import { describe, expect, test } from '@jest/globals';
import { atDomain, newsletterMessage } from './newsletter-message.js';

const order = { to: 'anna@example.org', name: 'Anna', language: 'de' };
const from = 'Newsletter <news@example.com>';

describe('the newsletter for one recipient', () => {
  test('carries the RUN_KEY, and a Message-ID made of it', () => {
    const message = newsletterMessage(order, 'job_1.r00017', from);
    expect(message.headers).toEqual({ 'X-Run-Key': 'job_1.r00017' });
    expect(message.messageId).toBe('<job_1=2er00017@example.com>');
  });

  test('two RUN_KEYs never share a Message-ID', () => {
    const ids = ['a.b', 'a=2eb', 'a:b', 'a/b', 'ab'].map((runKey) => newsletterMessage(order, runKey, from).messageId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('speaks the language of the recipient, English where it has no words', () => {
    expect(newsletterMessage(order, 'k', from).text).toMatch(/^Guten Tag Anna,/);
    expect(newsletterMessage({ ...order, language: 'fi' }, 'k', from).text).toMatch(/^Hello Anna,/);
    expect(newsletterMessage({ ...order, name: '', language: 'en' }, 'k', from).text).toMatch(/^Hello,/);
  });

  test('an address keeps its name at another domain', () => {
    expect(atDomain('anna.b@mail.example.con', 'mail.example.com')).toBe('anna.b@mail.example.com');
  });
});
