import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { guarded } from '@kintsugi/boundary';
import { addressOf, guardAddress } from '@kintsugi/hosting/address-guard';
import { faultWords } from '../domain/fault-words.js';

const timeoutMs = 10_000;

export interface Posting {
  url: string;
  headers: Record<string, string>;
  body: string;
  allowPrivate: readonly string[];
}

export interface Posted {
  delivered: boolean;
  status: number | null;
  error: string | null;
  tookMs: number;
}

/** Posts one message. Whatever happens is the outcome: nothing is thrown. The body of an answer is not read. */
export async function postMessage(posting: Posting): Promise<Posted> {
  const began = performance.now();
  const took = (): { tookMs: number } => ({ tookMs: Math.round(performance.now() - began) });
  try {
    const status = await post(posting);
    const delivered = status >= 200 && status < 300;
    return { delivered, status, error: delivered ? null : `The answer was ${status}.`, ...took() };
  } catch (error) {
    return { delivered: false, status: null, error: faultWords(error), ...took() };
  }
}

function post({ url: text, headers, body, allowPrivate }: Posting): Promise<number> {
  const url = new URL(text);
  const lookup = guardAddress({ ...addressOf(url), refuse: addressRefused, allowPrivate });
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      ...{ method: 'POST', lookup, signal, agent: false },
      headers: { 'user-agent': 'kintsugi', ...headers },
    });
    request.on(
      'error',
      guarded('webhook.error', (error: Error) =>
        reject(signal.aborted ? new Error(`No answer came within ${timeoutMs / 1_000} s.`) : error),
      ),
    );
    request.once(
      'upgrade',
      guarded('webhook.upgrade', () => {
        request.destroy();
        reject(new Error('The other side went over to another protocol.'));
      }),
    );
    request.once(
      'response',
      guarded('webhook.answer', ({ statusCode = 0 }: { statusCode?: number }) => {
        request.destroy();
        resolve(statusCode);
      }),
    );
    request.end(body);
  });
}

function addressRefused(host: string, port: number, address: string): Error {
  const place = address === host ? host : `${host} (${address})`;
  return new Error(`${place} is a private address. WEBHOOK_ALLOW_PRIVATE=${host}:${port} of metrics-service allows it.`);
}
