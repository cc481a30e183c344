import { isDeliverable, temperament } from './temperament.js';

/**
 * How many of the recipients the world of this seed takes mail for, by their addresses alone. With a repair it counts
 * the addresses as the repair leaves them: those at `typed` are taken as if at `meant`.
 */
export function expectedDeliveries(
  recipients: Iterable<{ email: string }>,
  seed: string,
  repair?: { typed: string; meant: string },
): number {
  let expected = 0;
  for (const { email } of recipients) {
    const address = repair && email.toLowerCase().endsWith(`@${repair.typed}`) ? `${email.split('@')[0]}@${repair.meant}` : email;
    if (isDeliverable(temperament(seed, address))) expected += 1;
  }
  return expected;
}
