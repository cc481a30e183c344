import { draw } from '../../draw.js';
import { mistypedDomain } from '../../recipients/domain/mistyped-domain.js';

/** How the world treats the messages to one address, for as long as it exists. */
export type Temperament =
  | { kind: 'prompt' }
  | { kind: 'slow'; delayMs: number }
  /** Refuses the first tries with 451, as a greylisting server does with a sender it has not seen. */
  | { kind: 'greylisting'; tries: number }
  /** Refuses the first try with 421, says how long to wait, and hangs up. */
  | { kind: 'busy'; pauseSeconds: number }
  /** Resets the connection on the first try, when the whole message has been sent. */
  | { kind: 'resetting' }
  /** Never answers the first message. */
  | { kind: 'silent' }
  | { kind: 'unknown user' }
  | { kind: 'mailbox full' }
  /** The one typing mistake that a repair knows the right domain for. */
  | { kind: 'no such domain' }
  | { kind: 'no mail server' };

type Drawn = Exclude<Temperament['kind'], 'prompt' | 'no such domain' | 'no mail server'>;

/** Which share of the addresses is how; the rest is prompt. The first five kinds accept in the end, the last two never. */
const shares: Record<Drawn, number> = {
  slow: 0.12,
  greylisting: 0.08,
  busy: 0.02,
  resetting: 0.015,
  silent: 0.005,
  'unknown user': 0.02,
  'mailbox full': 0.015,
};

/** A top-level domain that does not exist. */
const noSuchTopLevel = '.con';

/** The temperament of an address: always the same for the same seed. */
export function temperament(seed: string, address: string): Temperament {
  const mailbox = address.toLowerCase();
  if (mailbox.endsWith(`@${mistypedDomain.typed}`)) return { kind: 'no such domain' };
  if (mailbox.endsWith(noSuchTopLevel)) return { kind: 'no mail server' };
  // A provider that takes everything at once, so that what was mistyped arrives when it is repaired.
  if (mailbox.endsWith(`@${mistypedDomain.meant}`)) return { kind: 'prompt' };
  const detail = draw(seed, `${mailbox} detail`);
  switch (kindAt(draw(seed, mailbox))) {
    case 'slow':
      return { kind: 'slow', delayMs: 50 + Math.floor(detail * 251) };
    case 'greylisting':
      return { kind: 'greylisting', tries: detail < 0.6 ? 1 : 2 };
    case 'busy':
      return { kind: 'busy', pauseSeconds: 1 + Math.floor(detail * 3) };
    case 'resetting':
      return { kind: 'resetting' };
    case 'silent':
      return { kind: 'silent' };
    case 'unknown user':
      return { kind: 'unknown user' };
    case 'mailbox full':
      return { kind: 'mailbox full' };
    case 'prompt':
      return { kind: 'prompt' };
  }
}

function kindAt(chance: number): Drawn | 'prompt' {
  let below = 0;
  for (const [kind, share] of Object.entries(shares) as [Drawn, number][]) {
    below += share;
    if (chance < below) return kind;
  }
  return 'prompt';
}

const neverAccept: readonly Temperament['kind'][] = ['unknown user', 'mailbox full', 'no such domain', 'no mail server'];

/** Whether a message to such an address arrives if it is sent often enough. */
export function isDeliverable(of: Temperament): boolean {
  return !neverAccept.includes(of.kind);
}
