import autocannon from 'autocannon';
import { payloadOf } from '../domain/task-payload.js';
import type { Submission } from '../system/system-under-test.js';
import { monotonicMs } from './monotonic-clock.js';
import type { HttpDoor } from './producer.js';

export interface HttpSubmission extends Submission {
  /** From each request to its answer. */
  latenciesMs: number[];
}

const timeoutS = 60;
/** How often autocannon looks whether it is done. */
const sampleMs = 100;

/** Submits tasks 0 to `count` - 1 at a door, each by a request of its own; rejects unless every one was accepted. */
export async function submitByHttp(door: HttpDoor, count: number, connections: number): Promise<HttpSubmission> {
  const receipts: string[] = [];
  const latenciesMs: number[] = [];
  let next = 0;
  const startedAtMs = monotonicMs();
  let acceptedAtMs = startedAtMs;
  const options: autocannon.Options = {
    url: door.url,
    connections,
    amount: count,
    timeout: timeoutS,
    sampleInt: sampleMs,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    requests: [
      {
        setupRequest(request) {
          request.body = door.bodyOf(payloadOf(next, monotonicMs()));
          next += 1;
          return request;
        },
      },
    ],
    verifyBody(body) {
      const receipt = door.receiptOf(String(body));
      if (receipt !== undefined) receipts.push(receipt);
      return receipt !== undefined;
    },
  };
  const { non2xx, errors, mismatches } = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(options, (error: Error | null, result) => (error ? reject(error) : resolve(result)));
    run.on('response', (_client, _status, _bytes, latencyMs) => {
      latenciesMs.push(latencyMs);
      acceptedAtMs = monotonicMs();
    });
  });
  if (non2xx + errors + mismatches > 0) {
    throw new Error(
      `Of ${count} requests by HTTP ${non2xx} were refused, ${mismatches} got no receipt, and ${errors} connections failed.`,
    );
  }
  return { startedAtMs, acceptedAtMs, accepted: receipts.length, receipts, latenciesMs };
}
