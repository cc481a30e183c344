import { describe, expect, test } from '@jest/globals';
import { CsvScanner } from './csv-scanner.js';
import { csvText } from './csv-text.js';
import { generateRecipients } from './generate-recipients.js';
import { mistypedDomain } from './mistyped-domain.js';
import { RecipientRows } from './recipient-rows.js';

describe('invented recipients', () => {
  test('are the same for the same seed, however many are asked for, and others for another', () => {
    const ten = [...generateRecipients(10, 'a')];
    expect([...generateRecipients(20, 'a')].slice(0, 10)).toEqual(ten);
    expect([...generateRecipients(10, 'b')]).not.toEqual(ten);
  });

  test('read back from CSV as they were written', () => {
    const recipients = [...generateRecipients(2_000, 'a')];
    const scanner = new CsvScanner();
    const [header, ...rows] = [...scanner.push([...csvText(recipients)].join('')), ...scanner.end()];
    if (header === undefined) throw new Error('The text has no first line.');
    const reader = new RecipientRows(header);
    expect(rows.map((row) => reader.recipient(row))).toEqual(recipients);
  });

  test('live in domains reserved for examples, but for the mistyped share of about 2.5 percent', () => {
    const domains = [...generateRecipients(10_000, 'a')].map((recipient) => recipient.email.split('@')[1] ?? '');
    const mistyped = domains.filter((domain) => domain === mistypedDomain.typed).length;
    expect(mistyped).toBeGreaterThan(200);
    expect(mistyped).toBeLessThan(300);
    for (const domain of new Set(domains)) {
      if (domain !== mistypedDomain.typed) expect(domain).toMatch(/(^|\.)example\.(com|net|org|test)$/);
    }
  });
});
