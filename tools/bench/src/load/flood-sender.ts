import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { subjects } from '@kintsugi/contracts';
import { Bus, PROBLEM_HEADER } from '@kintsugi/messaging';
import type { DoorAnswers, FloodAnswers } from '../domain/flood-answers.js';
import { floodBodies, floodRequests, floodUploads } from './flood-bodies.js';

/** Senders at once for each kind of body, each with one under way. */
const senders = 4;
const afterFaultMs = 5;
const answerTimeoutMs = 10_000;
/** What is under way at the end has so long to be answered: on a slow machine it may be all that there is. */
const finishMsMax = 60_000;

const json = { 'content-type': 'application/json' };
const ndjson = { 'content-type': 'application/x-ndjson' };
const gzip = { 'content-encoding': 'gzip' };

/**
 * Floods both doors until it is stopped, in a thread of its own: what is asked meanwhile must not wait behind what is sent. It says
 * when it begins, and at the end what became of it.
 */
const { api, nats } = workerData as { api: string; nats: string };
const bus = await Bus.connect({ servers: nats, name: 'bench-flood' });
const ended = new AbortController();
const cut = new AbortController();
const none: DoorAnswers = { taken: 0, refused: 0, failed: 0 };
const answered: FloodAnswers = { http: { ...none }, nats: { ...none } };
const jobs = floodBodies().map(({ job }) => job);
const bodies = jobs.map((job) => Buffer.from(`{"action":"createJob","data":${job}}`));
const packedBodies = bodies.map((body) => gzipSync(body));
const uploads = floodUploads().map((upload) => Buffer.from(upload));
const packedUploads = uploads.map((upload) => gzipSync(upload));
const commands = jobs.map((job) => Buffer.from(job));
const told = parentPort ? once(parentPort, 'message') : Promise.resolve();
parentPort?.postMessage('begins');
const flooding = [
  inTurns('http', bodies, (body) => post(json, body)),
  inTurns('http', packedBodies, (body) => post({ ...json, ...gzip }, body)),
  inTurns('http', uploads, (body) => post(ndjson, body)),
  inTurns('http', packedUploads, (body) => post({ ...ndjson, ...gzip }, body)),
  inTurns('nats', commands, publish),
  inTurns('nats', commands, (body) => ask('job', 'createJob', body)),
  inTurns('nats', floodRequests(), ({ service, action, body }) => ask(service, action, body)),
];
await told;
ended.abort();
const cutting = setTimeout(() => cut.abort(), finishMsMax);
await Promise.all(flooding);
clearTimeout(cutting);
await bus.close();
parentPort?.postMessage(answered);
parentPort?.close();

/** Whether it was taken. */
async function post(headers: Record<string, string>, body: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const response = await fetch(`${api}/job-operations`, { method: 'POST', headers, body, signal: cut.signal });
  await response.arrayBuffer();
  return response.ok;
}

async function publish(body: Uint8Array): Promise<boolean> {
  await bus.js.publish(subjects.command('createJob'), body, { timeout: answerTimeoutMs });
  return true;
}

async function ask(service: Parameters<typeof subjects.request>[0], action: string, body: string | Uint8Array): Promise<boolean> {
  const { headers } = await bus.ask(subjects.request(service, action), body, { timeoutMs: answerTimeoutMs });
  return headers?.has(PROBLEM_HEADER) !== true;
}

/** What is refused, or cut at the end, is part of a flood. */
async function inTurns<Body>(
  door: keyof FloodAnswers,
  bodies: readonly Body[],
  send: (body: Body) => Promise<boolean>,
): Promise<void> {
  const count = answered[door];
  await Promise.all(
    Array.from({ length: senders }, async (_, sender) => {
      for (let turn = sender; !ended.signal.aborted; turn += 1) {
        try {
          count[(await send(bodies[turn % bodies.length] as Body)) ? 'taken' : 'refused'] += 1;
        } catch {
          count.failed += 1;
          await delay(afterFaultMs);
        }
      }
    }),
  );
}
