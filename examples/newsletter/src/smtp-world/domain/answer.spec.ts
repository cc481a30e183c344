import { describe, expect, test } from '@jest/globals';
import { mistypedDomain, mistypedDomainRepair } from '../../recipients/domain/mistyped-domain.js';
import { answerTo, type Answer } from './answer.js';
import { temperament, type Temperament } from './temperament.js';

const address = 'anna@example.org';

function answers(temperament: Temperament): Answer[] {
  return [0, 1, 2, 3].map((refused) => answerTo(address, temperament, refused));
}

const accept = { kind: 'accept', delayMs: 0 };

describe('the answers to one try after the other', () => {
  test('prompt and slow addresses accept each', () => {
    expect(answers({ kind: 'prompt' })).toEqual([accept, accept, accept, accept]);
    expect(answerTo(address, { kind: 'slow', delayMs: 70 }, 0)).toEqual({ kind: 'accept', delayMs: 70 });
  });

  test('greylisting refuses with 451 as often as it is said to, then accepts', () => {
    const [first, second, third] = answers({ kind: 'greylisting', tries: 2 });
    expect([first, second]).toEqual([expect.objectContaining({ code: 451 }), expect.objectContaining({ code: 451 })]);
    expect(third).toEqual(accept);
    expect(answers({ kind: 'greylisting', tries: 1 })[1]).toEqual(accept);
  });

  test('what is broken once accepts the second try', () => {
    const busy = answers({ kind: 'busy', pauseSeconds: 2 });
    expect(busy[0]).toEqual({ kind: 'refuse message', code: 421, text: expect.stringContaining('try again in 2 seconds') });
    expect(answers({ kind: 'resetting' })[0]).toEqual({ kind: 'reset' });
    expect(answers({ kind: 'silent' })[0]).toEqual({ kind: 'stay silent' });
    for (const kind of ['resetting', 'silent'] as const) expect(answers({ kind })[1]).toEqual(accept);
    expect(busy[1]).toEqual(accept);
  });

  test.each([
    ['unknown user', 550, '5.1.1 User unknown: anna@example.org'],
    ['mailbox full', 552, '5.2.2 Mailbox full: anna@example.org'],
    ['no such domain', 550, '5.1.2 Domain not found: anna@example.org'],
    ['no mail server', 550, '5.4.4 No mail server is known for anna@example.org'],
  ] as const)('%s is refused for good', (kind, code, text) => {
    for (const answer of answers({ kind })) expect(answer).toEqual({ kind: 'refuse recipient', code, text });
  });

  test('only the mistyped domain that a repair knows is refused in the words that the repair looks for', () => {
    const words = (email: string) => JSON.stringify(answerTo(email, temperament('seed', email), 0));
    expect(words(`bob@${mistypedDomain.typed}`)).toContain(mistypedDomainRepair.title_contains);
    for (const email of ['bob@gmail.con', `bob@eu.${mistypedDomain.typed}`]) {
      expect(words(email)).not.toContain(mistypedDomainRepair.title_contains);
    }
  });
});
