import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Duplex } from 'node:stream';
import { guarded } from '@kintsugi/boundary';
import { addressOf, guardAddress } from '@kintsugi/hosting/address-guard';
import { NonRetryable, TaskError } from '@kintsugi/worker-sdk';
import type { HttpAnswer } from '../domain/http-result.js';

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

/** One request and its answer, from an address that may be asked. */
export function exchange(order: ExchangeOrder): Promise<HttpAnswer> {
  const { method, url, headers, body, signal } = order;
  const lookup = guardAddress({ ...addressOf(url), refuse: addressRefused, allowPrivate: order.allowPrivate });
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method,
      headers,
      signal,
      lookup,
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

async function readAnswer(response: IncomingMessage, bytesMax: number): Promise<HttpAnswer> {
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

function addressRefused(host: string, port: number, address: string): NonRetryable {
  const place = address === host ? `${host}` : `${host} (${address})`;
  return new NonRetryable(
    `${place} is a private address, and this worker asks only public ones. These lines in its rules allow it, at once:\nhttp:\n  allow_private: [${JSON.stringify(`${host}:${port}`)}]`,
    { error_type: 'http.address_not_allowed' },
  );
}
