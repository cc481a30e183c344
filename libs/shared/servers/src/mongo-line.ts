import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { BSON } from 'mongodb';

const headBytes = 16;
const messageOperation = 2013;
const flagsAndKindBytes = 5;

/**
 * A line to a mongod over which it is asked again and again whether it answers. A client of the driver would watch the server
 * beside that, and one that is made for each question costs as much as all that an idle service does.
 */
export class MongoLine {
  private socket: Socket | null = null;
  private asked = 0;

  constructor(
    private readonly port: number,
    private readonly timeoutMs: number,
  ) {}

  /** Rejects where it does not answer in time; the next question is asked over a line of its own. It answers this to everybody, whoever may come in. */
  async ask(): Promise<void> {
    const inTime = AbortSignal.timeout(this.timeoutMs);
    try {
      const socket = (this.socket ??= await this.dial(inTime));
      this.asked += 1;
      const asked = this.asked;
      socket.write(helloOf(asked));
      for (let answer = Buffer.alloc(0); ;) {
        const [bytes] = (await once(socket, 'data', { signal: inTime })) as [Buffer];
        answer = Buffer.concat([answer, bytes]);
        if (answer.length < headBytes || answer.length < answer.readInt32LE(0)) continue;
        if (answer.readInt32LE(8) !== asked) throw new Error('it answers what was not asked');
        return;
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    this.socket?.destroy();
    this.socket = null;
  }

  private async dial(signal: AbortSignal): Promise<Socket> {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true }).unref();
    socket.on('error', () => undefined);
    socket.once('close', () => {
      if (this.socket === socket) this.socket = null;
    });
    try {
      await once(socket, 'connect', { signal });
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return socket;
  }
}

function helloOf(request: number): Buffer {
  const body = BSON.serialize({ hello: 1, $db: 'admin' });
  const message = Buffer.alloc(headBytes + flagsAndKindBytes + body.length);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(request, 4);
  message.writeInt32LE(messageOperation, 12);
  message.set(body, headBytes + flagsAndKindBytes);
  return message;
}
