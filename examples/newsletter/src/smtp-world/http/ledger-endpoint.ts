import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LedgerReport } from '../domain/ledger.js';

/** Shows the ledger as JSON on GET /ledger, on loopback. Resolves with the server and its port once it listens. */
export async function serveLedger(port: number, ledger: () => LedgerReport): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    if (request.url !== '/ledger') {
      response.writeHead(404).end();
      return;
    }
    if (request.method !== 'GET') {
      response.writeHead(405, { allow: 'GET' }).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(`${JSON.stringify(ledger())}\n`);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}
