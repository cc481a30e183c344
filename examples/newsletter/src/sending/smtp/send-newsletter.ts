import { NonRetryable, RetryAfter, TaskError } from '@kintsugi/worker-sdk';
import { readOrder } from '../domain/read-order.js';
import { newsletterMessage } from '../domain/newsletter-message.js';
import { smtpFailure, type SmtpFailure } from '../domain/smtp-failure.js';
import type { MailTransport } from './mail-transport.js';

interface SendContext {
  task: { payload: unknown };
  run_key: string;
  signal: AbortSignal;
}

/** What a sent message leaves behind in its task. */
export interface SendResult {
  message_id: string;
  reply: string;
}

/** An attempt waits for a connection, a greeting, the envelope and the message in turn. */
const waitsOfAnAttempt = 4;

/**
 * The handler of smtp.send: sends one recipient's newsletter and says what a failure means. An attempt that ends
 * without an answer may have been delivered; the RUN_KEY in the message lets the receiver tell.
 */
export function sendNewsletter(transport: MailTransport, options: { from: string; timeoutMs: number }) {
  return async ({ task, run_key, signal }: SendContext): Promise<SendResult> => {
    const order = readOrder(task.payload);
    if (typeof order === 'string') throw new NonRetryable(order, { error_type: 'payload.invalid' });
    const deadline = AbortSignal.timeout(options.timeoutMs * waitsOfAnAttempt);
    try {
      const sent = await transport.sendMail({
        ...newsletterMessage(order, run_key, options.from),
        signal: AbortSignal.any([signal, deadline]),
      });
      return { message_id: sent.messageId, reply: sent.response };
    } catch (error) {
      signal.throwIfAborted();
      const failure = deadline.aborted ? smtpFailure(Object.assign(new Error(), { code: 'ETIMEDOUT' })) : smtpFailure(error);
      throw failure === undefined ? error : taskErrorOf(failure);
    }
  };
}

function taskErrorOf({ error_type, error_message, retry_after_ms }: SmtpFailure): Error {
  if (retry_after_ms !== undefined) return new RetryAfter(error_message, { error_type, retry_after_ms });
  return new TaskError(error_message, { error_type });
}
