import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { subjects } from '@kintsugi/contracts';
import { Bus } from '@kintsugi/messaging';
import { floodBodies } from './flood-bodies.js';

/** Senders at once at each door, each with one body under way. */
const senders = 8;
const afterFaultMs = 5;

/** Floods both doors until it is stopped, in a thread of its own: what is asked meanwhile must not wait behind what is sent. */
const { api, nats } = workerData as { api: string; nats: string };
const bus = await Bus.connect({ servers: nats, name: 'bench-flood' });
const ended = new AbortController();
const flooding = [floodHttp(), floodCommands()];
if (parentPort) await once(parentPort, 'message');
ended.abort();
await Promise.all(flooding);
await bus.close();
parentPort?.close();

async function floodHttp(): Promise<void> {
  const bodies = floodBodies().map(({ job }) => Buffer.from(`{"action":"createJob","data":${job}}`));
  await inTurns(bodies, async (body) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${api}/job-operations`, { method: 'POST', headers, body, signal: ended.signal });
    await response.arrayBuffer();
  });
}

async function floodCommands(): Promise<void> {
  const bodies = floodBodies().map(({ job }) => Buffer.from(job));
  await inTurns(bodies, async (body) => {
    await bus.js.publish(subjects.command('createJob'), body, { timeout: 10_000 });
  });
}

/** What is refused, or cut at the end, is part of a flood. */
async function inTurns<Body>(bodies: readonly Body[], send: (body: Body) => Promise<void>): Promise<void> {
  await Promise.all(
    Array.from({ length: senders }, async (_, sender) => {
      for (let turn = sender; !ended.signal.aborted; turn += 1) {
        await send(bodies[turn % bodies.length] as Body).catch(() => delay(afterFaultMs));
      }
    }),
  );
}
