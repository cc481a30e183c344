import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A collector of traces that takes whatever is sent and keeps nothing. */
export class SpanSink {
  private constructor(private readonly server: Server) {}

  static async open(): Promise<SpanSink> {
    const server = createServer((request, response) => {
      request.resume();
      request.once('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SpanSink(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
