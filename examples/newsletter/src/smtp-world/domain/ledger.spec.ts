import { describe, expect, test } from '@jest/globals';
import { Ledger } from './ledger.js';
import { runKeyOfMessage } from './run-key-of-message.js';

describe('the ledger', () => {
  test('counts a message that comes again, and knows it by its RUN_KEY', () => {
    const ledger = new Ledger();
    ledger.deliver('anna@example.org', 'job.1');
    ledger.deliver('Anna@example.org', 'job.1');
    ledger.deliver('ben@example.org', 'job.2');
    expect(ledger.report()).toMatchObject({ delivered: 3, unique: 2, repeats: 1 });
  });

  test('shows a second message to the same address: more delivered than unique', () => {
    const ledger = new Ledger();
    ledger.deliver('anna@example.org', 'job.1');
    ledger.deliver('anna@example.org', 'job.2');
    ledger.deliver('anna@example.org', undefined);
    expect(ledger.report()).toMatchObject({ delivered: 3, unique: 1, repeats: 0 });
  });

  test('counts refusals by their code, and what was broken off', () => {
    const ledger = new Ledger();
    for (const code of [451, 550, 451]) ledger.refuse(code);
    ledger.reset();
    ledger.stayedSilent();
    expect(ledger.report()).toMatchObject({ refused: { 451: 2, 550: 1 }, resets: 1, unanswered: 1 });
  });
});

describe('the RUN_KEY of a message', () => {
  test('is found in the header, whatever its case and folding', () => {
    expect(runKeyOfMessage('From: a\r\nx-run-key: job.1 \r\n\r\nX-Run-Key: body')).toBe('job.1');
    expect(runKeyOfMessage('X-Run-Key:\r\n job.1\r\nTo: b\r\n\r\n')).toBe('job.1');
  });

  test('is not looked for in the body', () => {
    expect(runKeyOfMessage('From: a\r\n\r\nX-Run-Key: body\r\n')).toBeUndefined();
    expect(runKeyOfMessage('')).toBeUndefined();
  });
});
