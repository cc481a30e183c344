import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  /** With its query. */
  path: string;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  body: string;
}

/** Takes whatever is sent to it over HTTP on loopback, in the order it came, and answers all with one status. */
export class HttpReceiver {
  readonly received: ReceivedRequest[] = [];
  status = 200;

  private constructor(private readonly server: Server) {}

  /** @param onReceived told of each request before it is answered */
  static async start(onReceived: (request: ReceivedRequest) => void = () => undefined): Promise<HttpReceiver> {
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const bytes = Buffer.concat(pieces);
        const one = { path: request.url ?? '', headers: request.headers, bytes, body: bytes.toString() };
        receiver.received.push(one);
        onReceived(one);
        response.writeHead(receiver.status).end();
      });
    });
    const receiver = new HttpReceiver(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
