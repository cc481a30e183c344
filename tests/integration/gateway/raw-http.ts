import { connect, type Socket } from 'node:net';

export interface RawReply {
  status: number;
  head: string;
  body: string;
}

/** A connection on which a test writes what no HTTP client would. */
export class RawConnection {
  private received = '';
  private readonly closed: Promise<void>;

  private constructor(readonly socket: Socket) {
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      this.received += text;
    });
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('end', () => socket.end());
    socket.on('error', () => undefined);
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    });
    return new RawConnection(socket);
  }

  send(text: string | Uint8Array): this {
    this.socket.write(text);
    return this;
  }

  /** Says that nothing more will be sent, and still listens. */
  halfClose(): this {
    this.socket.end();
    return this;
  }

  /** All that came until the other side closed, as replies in order. */
  async replies(): Promise<RawReply[]> {
    await this.closed;
    return this.received
      .split(/(?=HTTP\/1\.1 \d{3} )/)
      .filter((part) => part !== '')
      .map((part) => {
        const [head = '', body = ''] = part.split('\r\n\r\n');
        return { status: Number(part.slice(9, 12)), head: head.toLowerCase(), body };
      });
  }

  get text(): string {
    return this.received;
  }
}

/** What is answered until the other side closes, as it does after a fault or after `Connection: close`. */
export async function rawReplies(port: number, text: string | Uint8Array): Promise<RawReply[]> {
  return (await RawConnection.open(port)).send(text).replies();
}
