import type { MessageOrder } from '../../recipients/domain/recipient.js';

/** A message as nodemailer takes it. */
export interface NewsletterMessage {
  from: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
  messageId: string;
  headers: Record<string, string>;
}

interface Wording {
  subject: string;
  greeting: (name: string) => string;
  text: string;
}

const english: Wording = {
  subject: 'Golden joinery: our news',
  greeting: (name) => (name === '' ? 'Hello,' : `Hello ${name},`),
  text: 'what broke this month has been mended, and the seams are worth a look.',
};

const wordings: Record<string, Wording> = {
  en: english,
  ja: {
    subject: '金継ぎ便り',
    greeting: (name) => (name === '' ? '皆様' : `${name} 様`),
    text: '今月壊れたものはすべて直りました。継ぎ目もどうぞご覧ください。',
  },
  de: {
    subject: 'Goldene Fugen: Neues von uns',
    greeting: (name) => (name === '' ? 'Guten Tag,' : `Guten Tag ${name},`),
    text: 'was in diesem Monat zerbrach, ist geflickt, und die Fugen können sich sehen lassen.',
  },
  es: {
    subject: 'Juntas de oro: nuestras noticias',
    greeting: (name) => (name === '' ? 'Hola:' : `Hola, ${name}:`),
    text: 'lo que se rompió este mes está reparado, y las juntas merecen una mirada.',
  },
};

/**
 * The newsletter for one recipient. It carries the RUN_KEY, the same on each attempt, so that a receiver can tell a
 * repeat from a second message; the Message-ID is made of it, for those that look there.
 */
export function newsletterMessage(order: MessageOrder, runKey: string, from: string): NewsletterMessage {
  const wording = wordings[order.language] ?? english;
  return {
    from,
    to: { name: order.name, address: order.to },
    subject: wording.subject,
    text: `${wording.greeting(order.name)}\n\n${wording.text}\n`,
    messageId: `<${atomOf(runKey)}@${domainOf(from)}>`,
    headers: { 'X-Run-Key': runKey },
  };
}

/** The same address at another domain. */
export function atDomain(address: string, domain: string): string {
  return `${address.slice(0, address.lastIndexOf('@'))}@${domain}`;
}

/** Letters, digits, dashes and underscores stay; anything else is written as `=` and its hexadecimal code. */
function atomOf(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/g, (character) => `=${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function domainOf(address: string): string {
  return /@([A-Za-z0-9.-]+)>?$/.exec(address)?.[1] ?? 'localhost';
}
