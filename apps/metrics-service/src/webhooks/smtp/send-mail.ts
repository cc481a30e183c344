import type { PeopleText } from '../domain/message-texts.js';
import type { Posted } from '../http/post-message.js';
import { faultWords } from '../domain/fault-words.js';

const timeoutMs = 10_000;

export interface Mailing {
  /** `smtp://…` or `smtps://…`; empty: there is no server. */
  server: string;
  from: string;
  to: readonly string[];
  /** The same for each try of one message, so that a mail program shows it once. */
  id: string;
  text: PeopleText;
}

/** Hands one mail to the mail server. Whatever happens is the outcome: nothing is thrown. */
export async function sendMail({ server, from, to, id, text: { subject, lines } }: Mailing): Promise<Posted> {
  const began = performance.now();
  const ended = (error: string | null): Posted => {
    return { delivered: error === null, status: null, error, tookMs: Math.round(performance.now() - began) };
  };
  if (server === '') return ended('No mail server: MAIL_SMTP_URL of metrics-service names one.');
  // Loaded with the first mail: most installations send none.
  const { createTransport } = await import('nodemailer');
  const timeouts = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
  const transport = createTransport({ url: server, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
  try {
    await transport.sendMail({ from, to: [...to], messageId: `<${id}@kintsugi>`, subject, text: `${lines.join('\n')}\n` });
    return ended(null);
  } catch (error) {
    return ended(faultWords(error));
  } finally {
    transport.close();
  }
}
