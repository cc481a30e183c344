import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerError, type SMTPServerSession } from 'smtp-server';
import { answerTo, type Answer } from '../domain/answer.js';
import { Ledger, type LedgerReport } from '../domain/ledger.js';
import { runKeyOfMessage } from '../domain/run-key-of-message.js';
import { temperament } from '../domain/temperament.js';

export interface SmtpWorldOptions {
  /** Decides, with the address, how each message is treated. */
  seed: string;
  /** 0 takes any free port. */
  port: number;
}

/** How much of a message is kept to find its RUN_KEY. */
const headLengthMax = 16 * 1024;

const messageBytesMax = 1024 * 1024;
const connectionsMax = 2_000;

/**
 * A real SMTP server on loopback that behaves like the world's: most addresses accept, some hesitate, break off or
 * refuse, always the same ones for a seed. Once a message has been accepted nothing goes wrong any more. It takes
 * one recipient a message.
 */
export class SmtpWorld {
  private readonly server: SMTPServer;
  private readonly book = new Ledger();
  /** Tries that an address has refused so far. */
  private readonly refusedTries = new Map<string, number>();
  private readonly sockets = new Map<string, Socket>();

  constructor(private readonly options: SmtpWorldOptions) {
    this.server = new SMTPServer({
      name: 'mx.example.test',
      banner: 'the world in small',
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      size: messageBytesMax,
      maxClients: connectionsMax,
      maxRecipients: 1,
      onRcptTo: (recipient, _session, reply) => this.onRecipient(recipient.address, reply),
      onData: (stream, session, reply) => this.onMessage(stream, session, reply),
    });
    this.server.server.on('connection', (socket: Socket) => this.remember(socket));
    // Clients that break off are part of the world. Faults of listening are seen by start().
    this.server.on('error', () => undefined);
  }

  /** Listens on loopback; resolves with the port. */
  async start(): Promise<number> {
    const listening = once(this.server.server, 'listening');
    this.server.listen(this.options.port, '127.0.0.1');
    await listening;
    return (this.server.server.address() as AddressInfo).port;
  }

  ledger(): LedgerReport {
    return this.book.report();
  }

  /** Ends every connection, also in the middle of a message. */
  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      for (const socket of this.sockets.values()) socket.destroy();
    });
  }

  private remember(socket: Socket): void {
    const key = `${socket.remoteAddress}:${socket.remotePort}`;
    this.sockets.set(key, socket);
    socket.once('close', () => this.sockets.delete(key));
  }

  private answer(address: string): Answer {
    return answerTo(address, temperament(this.options.seed, address), this.refusedTries.get(address.toLowerCase()) ?? 0);
  }

  private countRefusal(address: string): void {
    const mailbox = address.toLowerCase();
    this.refusedTries.set(mailbox, (this.refusedTries.get(mailbox) ?? 0) + 1);
  }

  private onRecipient(address: string, reply: (error?: Error | null) => void): void {
    const answer = this.answer(address);
    if (answer.kind !== 'refuse recipient') {
      reply();
      return;
    }
    this.countRefusal(address);
    this.refuse(answer.code, answer.text, reply);
  }

  private onMessage(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    reply: (error?: Error | null, text?: string) => void,
  ): void {
    let head = '';
    stream.setEncoding('latin1');
    stream.on('data', (text: string) => {
      if (head.length < headLengthMax) head += text;
    });
    // A client that goes away in the middle of the message gets no answer, and nothing was accepted.
    stream.on('error', () => undefined);
    stream.on('end', () => {
      if (stream.sizeExceeded) this.refuse(552, '5.3.4 Message too big', reply);
      else this.answerMessage(session, runKeyOfMessage(head), reply);
    });
  }

  private answerMessage(
    session: SMTPServerSession,
    runKey: string | undefined,
    reply: (error?: Error | null, text?: string) => void,
  ): void {
    const address = session.envelope.rcptTo[0]?.address ?? '';
    const answer = this.answer(address);
    const socket = this.sockets.get(`${session.remoteAddress}:${session.remotePort}`);
    if (answer.kind === 'accept') {
      const accept = (): void => this.accept(address, runKey, socket, reply);
      if (answer.delayMs > 0) setTimeout(accept, answer.delayMs);
      else accept();
      return;
    }
    this.countRefusal(address);
    if (answer.kind === 'reset') {
      this.book.reset();
      socket?.resetAndDestroy();
    } else if (answer.kind === 'stay silent') {
      this.book.stayedSilent();
    } else {
      this.refuse(answer.code, answer.text, reply);
    }
  }

  /** The mailbox write and the reply are one step; a client that has hung up meanwhile gets neither. */
  private accept(
    address: string,
    runKey: string | undefined,
    socket: Socket | undefined,
    reply: (error?: Error | null, text?: string) => void,
  ): void {
    if (!socket?.writable) return;
    this.book.deliver(address, runKey);
    reply(null, '2.0.0 Ok: delivered');
  }

  private refuse(code: number, text: string, reply: (error: SMTPServerError) => void): void {
    this.book.refuse(code);
    reply(Object.assign(new Error(text), { responseCode: code }));
  }
}
