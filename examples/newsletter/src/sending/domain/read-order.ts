import { isDomain, isEmailAddress } from '../../recipients/domain/email-address.js';
import type { MessageOrder } from '../../recipients/domain/recipient.js';
import { atDomain } from './newsletter-message.js';

/**
 * The order in a task's payload, or a sentence that says what is wrong with it. `domain`, which a manual recovery may
 * lay over the payload, takes the place of the address's own: that is how a mistyped one is repaired.
 */
export function readOrder(payload: unknown): MessageOrder | string {
  if (typeof payload !== 'object' || payload === null) return 'The payload must be an object with the recipient in "to".';
  const { to, name = '', language = 'en', domain } = payload as Record<string, unknown>;
  if (typeof to !== 'string' || !isEmailAddress(to)) return `payload.to must be an email address, but is ${shown(to)}.`;
  if (typeof name !== 'string') return `payload.name must be text, but is ${shown(name)}.`;
  if (typeof language !== 'string') return `payload.language must be text such as "en", but is ${shown(language)}.`;
  if (domain === undefined) return { to, name, language };
  if (typeof domain !== 'string' || !isDomain(domain)) {
    return `payload.domain must be a domain such as "example.com", but is ${shown(domain)}.`;
  }
  return { to: atDomain(to, domain), name, language };
}

function shown(value: unknown): string {
  return value === undefined ? 'not there' : JSON.stringify(value).slice(0, 100);
}
