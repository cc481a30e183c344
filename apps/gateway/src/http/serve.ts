import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { after, every } from '@kintsugi/boundary';
import { listenFault } from '@kintsugi/hosting';
import type { FaultListener } from '@kintsugi/messaging';
import { NestLogger, type Logger } from '@kintsugi/observability';
import type { Closing } from './closing.js';
import { openDoor, type DoorOptions } from './fastify-door.js';
import type { OpenConnections } from './open-connections.js';
import { HttpProblemFilter } from './problem-filter.js';
import type { Route } from './route-table.js';

export interface ServeOptions extends DoorOptions {
  host: string;
  port: number;
  logger: Logger;
  onFault: FaultListener;
}

export interface Served {
  /** Where it listens, such as `http://127.0.0.1:8000`. */
  url: string;
  routes: readonly Route[];
  close(): Promise<void>;
}

/** Time that running requests and uploads get to finish once the gateway has been told to stop. */
const drainMs = 5_000;
/** Time that those get to be told so which did not finish. */
const lastAnswersMs = 1_000;
const idlePollMs = 50;

/** Serves a module over HTTP. */
export async function serve(module: DynamicModule, options: ServeOptions): Promise<Served> {
  const { adapter, routes, connections } = openDoor(options);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLogger(options.logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new HttpProblemFilter(routes, options.onFault));
  await listen(app, options);
  return { url: (await app.getUrl()).replace(/\/$/, ''), routes, close: () => close(app, connections, options.closing) };
}

/** Lets what runs finish, then what lasts end, and does not wait for connections that only stay open. */
async function close(app: NestFastifyApplication, connections: OpenConnections, closing: Closing): Promise<void> {
  closing.begin();
  const timers = [
    every('serve.close-idle', idlePollMs, () => connections.closeIdle()),
    after('serve.let-go', drainMs, () => closing.letGo()),
    after('serve.close-all', drainMs + lastAnswersMs, () => connections.closeAll()),
  ];
  try {
    await app.close();
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

async function listen(app: NestFastifyApplication, { host, port }: ServeOptions): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    throw listenFault(error, { host: { setting: 'API_HOST', value: host }, port: { setting: 'API_PORT', value: port } });
  }
}
