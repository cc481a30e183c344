import type { INestApplication } from '@nestjs/common';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { after, every } from '@kintsugi/boundary';
import type { HttpDoor, ServiceContext } from '@kintsugi/hosting';
import type { gatewaySettings } from '../gateway.config.js';
import { Closing } from './closing.js';
import { openDoor } from './fastify-door.js';
import type { OpenConnections } from './open-connections.js';
import type { Route } from './route-table.js';

const headersTimeoutMsMax = 10_000;
/** Time that running requests and uploads get to finish once the gateway has been told to stop. */
const drainMs = 5_000;
/** Time that those get to be told so which did not finish. */
const lastAnswersMs = 1_000;
const idlePollMs = 50;

/** The door of the gateway: where it listens, what goes through it, and how it closes. */
export class GatewayDoor implements HttpDoor {
  readonly wanted;
  readonly closing = new Closing();
  readonly adapter: FastifyAdapter;
  /** All that it answers. */
  readonly routes: readonly Route[];
  private readonly connections: OpenConnections;

  constructor({ settings, metrics }: Pick<ServiceContext<typeof gatewaySettings>, 'settings' | 'metrics'>) {
    this.wanted = {
      host: { setting: 'API_HOST', value: settings.API_HOST },
      port: { setting: 'API_PORT', value: settings.API_PORT },
    };
    const { adapter, routes, connections } = openDoor({
      headersTimeoutMs: Math.min(settings.REQUEST_TIMEOUT_MS, headersTimeoutMsMax),
      requestTimeoutMs: settings.UPLOAD_TIMEOUT_MS,
      closing: this.closing,
      metrics,
    });
    this.adapter = adapter;
    this.routes = routes;
    this.connections = connections;
  }

  /** Lets what runs finish, then what lasts end, and does not wait for connections that only stay open. */
  async close(app: INestApplication): Promise<void> {
    this.closing.begin();
    const timers = [
      every('gateway-door.close-idle', idlePollMs, () => this.connections.closeIdle()),
      after('gateway-door.release', drainMs, () => this.closing.release()),
      after('gateway-door.close-all', drainMs + lastAnswersMs, () => this.connections.closeAll()),
    ];
    try {
      await app.close();
    } finally {
      for (const timer of timers) clearTimeout(timer);
    }
  }
}
