import { pauseInReply } from './pause-in-reply.js';

/** What a failed attempt is called. Whether it is tried again is the platform's policy for that name. */
export interface SmtpFailure {
  error_type: string;
  error_message: string;
  retry_after_ms?: number;
}

/** The part of nodemailer's errors that tells what happened. */
interface MailError {
  message?: string;
  code?: string;
  /** The system's code, where nodemailer put its own in its place. */
  originalCode?: string;
  responseCode?: number;
  response?: string;
}

const connectionFailures: Record<string, { error_type: string; error_message: string }> = {
  ECONNREFUSED: { error_type: 'net.refused', error_message: 'The mail server refused the connection' },
  ETIMEDOUT: { error_type: 'net.timeout', error_message: 'The mail server did not answer in time' },
  EDNS: { error_type: 'net.dns', error_message: "The mail server's name could not be resolved" },
  ENOTFOUND: { error_type: 'net.dns', error_message: "The mail server's name could not be resolved" },
  EAI_AGAIN: { error_type: 'net.dns', error_message: "The mail server's name could not be resolved" },
  EHOSTUNREACH: { error_type: 'net.unreachable', error_message: 'There is no way to the mail server' },
  ENETUNREACH: { error_type: 'net.unreachable', error_message: 'There is no way to the mail server' },
  ETLS: { error_type: 'net.tls', error_message: 'The connection to the mail server could not be secured' },
  ECONNRESET: { error_type: 'net.reset', error_message: 'The mail server broke the connection off' },
  EPIPE: { error_type: 'net.reset', error_message: 'The mail server broke the connection off' },
  ECONNECTION: { error_type: 'net.reset', error_message: 'The mail server broke the connection off' },
  ESOCKET: { error_type: 'net.reset', error_message: 'The mail server broke the connection off' },
};

/** How each line of a reply begins: `550 5.1.1 User unknown`, or `550-` where more lines follow. */
const codesOfLine = /^\d{3}(?:[ -]|$)(?:\d\.\d{1,3}\.\d{1,3}(?: |$))?/;

/**
 * The meaning of an error of nodemailer: a refusal by its reply code, anything else by what became of the connection.
 * Undefined for what is neither, such as a fault in the program.
 */
export function smtpFailure(error: unknown): SmtpFailure | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, originalCode, responseCode, response, message } = error as MailError;
  if (responseCode !== undefined && responseCode >= 400) {
    const reply = response ?? message ?? '';
    const pauseMs = responseCode < 500 ? pauseInReply(reply) : undefined;
    return {
      error_type: `smtp.${responseCode}`,
      error_message: textOfReply(reply) || reply,
      ...(pauseMs === undefined ? {} : { retry_after_ms: pauseMs }),
    };
  }
  const failure = connectionFailures[originalCode ?? ''] ?? connectionFailures[code ?? ''];
  return failure;
}

/** What a reply says on one line, without the codes: the error type tells those. */
function textOfReply(reply: string): string {
  const lines = reply.split(/\r?\n/).map((line) => line.trim().replace(codesOfLine, '').trim());
  return lines.filter((line) => line !== '').join(' ');
}
