import type { Temperament } from './temperament.js';

/** What the world does with one try to deliver a message. */
export type Answer =
  | { kind: 'accept'; delayMs: number }
  /** Replies to RCPT TO, so that the message is not even sent. */
  | { kind: 'refuse recipient'; code: number; text: string }
  /** Replies to the message; 421 ends the connection as well. */
  | { kind: 'refuse message'; code: number; text: string }
  | { kind: 'reset' }
  | { kind: 'stay silent' };

/** The answer to a try at an address that has refused `refused` tries before. */
export function answerTo(address: string, temperament: Temperament, refused: number): Answer {
  switch (temperament.kind) {
    case 'prompt':
      return { kind: 'accept', delayMs: 0 };
    case 'slow':
      return { kind: 'accept', delayMs: temperament.delayMs };
    case 'greylisting':
      if (refused >= temperament.tries) break;
      return {
        kind: 'refuse recipient',
        code: 451,
        text: `4.7.1 Greylisted, please try again later: ${address}`,
      };
    case 'busy':
      if (refused >= 1) break;
      return {
        kind: 'refuse message',
        code: 421,
        text: `4.7.0 Too many messages from you, try again in ${temperament.pauseSeconds} seconds`,
      };
    case 'resetting':
      if (refused >= 1) break;
      return { kind: 'reset' };
    case 'silent':
      if (refused >= 1) break;
      return { kind: 'stay silent' };
    case 'unknown user':
      return { kind: 'refuse recipient', code: 550, text: `5.1.1 User unknown: ${address}` };
    case 'mailbox full':
      return { kind: 'refuse recipient', code: 552, text: `5.2.2 Mailbox full: ${address}` };
    case 'no such domain':
      return { kind: 'refuse recipient', code: 550, text: `5.1.2 Domain not found: ${address}` };
    case 'no mail server':
      return { kind: 'refuse recipient', code: 550, text: `5.4.4 No mail server is known for ${address}` };
  }
  return { kind: 'accept', delayMs: 0 };
}
