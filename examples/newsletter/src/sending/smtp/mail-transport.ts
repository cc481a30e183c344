import { createTransport, type Transporter, type SMTPPoolOptions, type SMTPPoolSentMessageInfo } from 'nodemailer';

export interface MailTransportOptions {
  host: string;
  port: number;
  /** Connections kept open at most, and with them messages under way. */
  connections: number;
  /** Longest wait for a connection, a greeting, or the reply to a command. */
  timeoutMs: number;
}

export type MailTransport = Transporter<SMTPPoolSentMessageInfo, SMTPPoolOptions>;

/**
 * A pool of connections to one mail server. It doesn't retry: that is the platform's part. It only takes a message to
 * a second connection when the first turns out to have been closed while it was idle, before a byte was sent.
 */
export function createMailTransport(options: MailTransportOptions): MailTransport {
  return createTransport({
    pool: true,
    host: options.host,
    port: options.port,
    maxConnections: options.connections,
    maxMessages: 1_000,
    maxRequeues: 1,
    dnsTimeout: options.timeoutMs,
    connectionTimeout: options.timeoutMs,
    greetingTimeout: options.timeoutMs,
    socketTimeout: options.timeoutMs,
    socketCloseTimeout: 1_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
