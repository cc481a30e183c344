import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createEndpointHandler, service, type Context } from '@restatedev/restate-sdk';
import { lanes, type TaskPayload } from '../domain/task-payload.js';
import type { TaskWorker, TaskWorkerOptions } from '../load/task-worker.js';
import { handlerName } from './restate-handler.js';

/** Serves the handlers on loopback and tells the server where; how many run at once is a setting of the server. */
export async function startRestateWorker({ address, lanes: wanted, run }: TaskWorkerOptions): Promise<TaskWorker> {
  const services = wanted.map((lane) =>
    service({
      name: lanes[lane],
      handlers: { [handlerName]: async (_context: Context, payload: TaskPayload) => run(lane, payload) },
    }),
  );
  // Its log has two lines for each invocation.
  const server = createServer(createEndpointHandler({ services, logger: () => undefined }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`${String(address['admin'])}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri: `http://127.0.0.1:${port}` }),
  });
  if (!response.ok) throw new Error(`Restate did not take the handlers: ${await response.text()}`);
  await response.arrayBuffer();
  return {
    async stop(): Promise<void> {
      // The server keeps its connections, so nobody waits for them to end.
      server.close();
    },
  };
}
