import { lookup as resolveName } from 'node:dns';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { guarded } from '@kintsugi/boundary';
import { NonRetryable, TaskError } from '@kintsugi/worker-sdk';
import { isAllowed, isPrivateAddress } from './private-address.js';

export interface ExchangeOrder {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: Buffer | null;
  bytesMax: number;
  /** Private addresses that may be asked. */
  allowPrivate: readonly string[];
  signal: AbortSignal;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * One request and its answer. Each address is looked at when it is connected to, so that no name can be public when it is
 * checked and private when it is used.
 */
export function exchange(order: ExchangeOrder): Promise<Answer> {
  const { method, url, headers, body, signal } = order;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const mayReach = (address: string): boolean => !isPrivateAddress(address) || isAllowed(order.allowPrivate, host, port, address);
  // For an address there is nothing to look up.
  if (isIP(host) !== 0 && !mayReach(host)) throw addressRefused(host, port);
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method,
      headers,
      signal,
      lookup: guardedLookup(mayReach, port),
      agent: false,
    });
    request.once('error', reject);
    // Neither an answer nor an error comes of it, and what was asked for was no other protocol.
    request.once(
      'upgrade',
      guarded('http.upgrade', (_response: IncomingMessage, socket: Duplex) => {
        socket.destroy();
        reject(new NonRetryable('The other side went over to another protocol.', { error_type: 'http.unexpected_101' }));
      }),
    );
    const take = guarded('http.answer', (response: IncomingMessage) =>
      readAnswer(response, order.bytesMax).then(resolve, (error: unknown) => {
        request.destroy();
        reject(error instanceof Error ? error : new Error(String(error)));
      }),
    );
    request.once('response', take);
    request.end(body ?? undefined);
  });
}

function guardedLookup(mayReach: (address: string) => boolean, port: number): LookupFunction {
  return (host, options, callback) => {
    resolveName(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const refused = addresses.find(({ address }) => !mayReach(address));
      // One private address among public ones is refused as a whole: which of them is taken is nobody's choice.
      if (refused || addresses.length === 0) return callback(addressRefused(host, port, refused?.address), '');
      const [first] = addresses;
      return options.all ? callback(null, addresses) : callback(null, first?.address ?? '', first?.family);
    });
  };
}

async function readAnswer(response: IncomingMessage, bytesMax: number): Promise<Answer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > bytesMax) {
      throw new TaskError(`The answer has more than the ${bytesMax} bytes of max_bytes.`, { error_type: 'http.answer_too_long' });
    }
    parts.push(part);
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(parts),
  };
}

function addressRefused(host: string, port: number, address = host): NonRetryable {
  const place = address === host ? `${host}` : `${host} (${address})`;
  return new NonRetryable(
    `${place} is a private address, and this worker asks only public ones. These lines in its rules allow it, at once:\nhttp:\n  allow_private: [${JSON.stringify(`${host}:${port}`)}]`,
    { error_type: 'http.address_not_allowed' },
  );
}
