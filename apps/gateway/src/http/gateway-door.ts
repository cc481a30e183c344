import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { after, every, guarded } from '@kintsugi/boundary';
import { ProblemError } from '@kintsugi/contracts';
import { headerBytesMax, problemAnswer, type HttpDoor, type ServiceContext } from '@kintsugi/hosting';
import { toProblemError, type FaultListener } from '@kintsugi/messaging';
import type { Metrics } from '@kintsugi/observability';
import type { gatewaySettings } from '../gateway.config.js';
import { Closing } from './closing.js';
import { Connections } from './connections.js';
import { Exchange, type Answer } from './exchange.js';
import { problemOfHttpError } from './problem-filter.js';
import type { Route } from './route-table.js';

type Given = Pick<ServiceContext<typeof gatewaySettings>, 'settings' | 'metrics' | 'onFault'>;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Says what answers a request that is none of the API's, and under which name it is measured; null where nothing does. */
export type Shows = (exchange: Exchange, path: string) => { route: string; handle: () => Promise<void> } | null;

const headersTimeoutMsMax = 10_000;
const keepAliveTimeoutMs = 72_000;
/** Time that running requests and uploads get to finish once the gateway has been told to stop. */
const drainMs = 5_000;
/** Time that those get to be told so which did not finish. */
const lastAnswersMs = 1_000;
const idlePollMs = 50;
/** What is asked all the time, by whoever looks after the platform. */
const ofItself = /^\/(health|metrics)\b/;
/** How long what is left of a refused body is still read, so that the answer arrives before the connection is cut. */
const lingerMs = 2_000;

/**
 * The door of the gateway: where it listens, what every request and answer has in common, and how it closes. Requests go by the
 * routes of Nest, on Fastify, but for those to paths that it answers itself (docs/adr/0020).
 */
export class GatewayDoor implements HttpDoor {
  readonly wanted;
  readonly closing = new Closing();
  readonly adapter: FastifyAdapter;
  private readonly registered: Route[] = [];
  private readonly own = new Map<string, (exchange: Exchange) => Promise<void>>();
  private shows: Shows = () => null;
  private readonly connections = new Connections();
  private readonly metrics: Metrics;
  private readonly onFault: FaultListener;

  constructor({ settings, metrics, onFault }: Given) {
    this.metrics = metrics;
    this.onFault = onFault;
    this.wanted = {
      host: { setting: 'API_HOST', value: settings.API_HOST },
      port: { setting: 'API_PORT', value: settings.API_PORT },
    };
    const http = {
      maxHeaderSize: headerBytesMax,
      headersTimeout: Math.min(settings.REQUEST_TIMEOUT_MS, headersTimeoutMsMax),
      // The longest that any request may take to arrive; bodies have shorter bounds of their own.
      requestTimeout: settings.UPLOAD_TIMEOUT_MS,
      keepAliveTimeout: keepAliveTimeoutMs,
      connectionsCheckingInterval: 1_000,
      requireHostHeader: false,
    };
    this.adapter = new FastifyAdapter({
      skipMiddie: true,
      logger: false,
      exposeHeadRoutes: true,
      return503OnClosing: false,
      genReqId: (request: IncomingMessage) => Exchange.of(request).id,
      serverFactory: (routed: Handler): Server =>
        createServer(
          http,
          guarded('gateway-door.request', (request, response) => this.take(request, response, routed)),
        ),
      frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => answerUnrouted(error, request, reply),
      clientErrorHandler: this.connections.handleFault,
      routerOptions: { maxParamLength: 200 },
    });
    this.prepare(this.adapter.getInstance<FastifyInstance>(), settings.EVENT_STALL_TIMEOUT_MS);
  }

  /** All that it answers; filled as routes are registered. */
  get routes(): readonly Route[] {
    return this.registered;
  }

  /** Answers POST to a path without the layers of Nest and Fastify, whose share of a small request is half of what it costs. */
  answer(path: string, handle: (exchange: Exchange) => Promise<Answer>): void {
    const answer = (exchange: Exchange): Promise<void> =>
      this.carryOut(exchange, path, async () => exchange.answer(await handle(exchange)));
    this.own.set(path, answer);
    // With a query, or with characters encoded, the same path comes by the router.
    this.adapter.getInstance<FastifyInstance>().post(path, (request, reply) => {
      reply.hijack();
      return answer(Exchange.of(request.raw));
    });
  }

  /** Answers, before the API does, what is no part of it. */
  show(shows: Shows): void {
    this.shows = shows;
  }

  /** Lets what runs finish, then what lasts end, and does not wait for connections that only stay open. */
  async close(app: INestApplication): Promise<void> {
    this.closing.begin();
    this.connections.keepNone();
    const timers = [
      every('gateway-door.close-idle', idlePollMs, () => this.connections.closeIdle()),
      after('gateway-door.release', drainMs, () => this.closing.release()),
      after('gateway-door.close-all', drainMs + lastAnswersMs, () => this.connections.closeAll()),
    ];
    try {
      await app.close();
    } finally {
      for (const timer of timers) clearTimeout(timer);
      this.connections.endWatch();
    }
  }

  /** No body is read before the guard has spoken. */
  private prepare(instance: FastifyInstance, stallTimeoutMs: number): void {
    this.connections.watch(instance.server, stallTimeoutMs);
    instance.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) this.registered.push({ method: each, path: url });
    });
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    instance.addHook('onRequest', (request, _reply, done) => {
      const exchange = Exchange.of(request.raw);
      exchange.route = request.routeOptions.url ?? '';
      try {
        this.refuseUnfit(exchange);
        done();
      } catch (error) {
        done(error as Error);
      }
    });
  }

  private take(request: IncomingMessage, response: ServerResponse, routed: Handler): unknown {
    const exchange = new Exchange(request, response);
    this.connections.begin(exchange);
    response.on(
      'close',
      guarded('gateway-door.answered', () => this.end(exchange)),
    );
    if (this.closing.begun) response.shouldKeepAlive = false;
    const own = request.method === 'POST' ? this.own.get(request.url ?? '') : undefined;
    if (own) return exchange.traced(() => own(exchange));
    const shown = this.shows(exchange, request.url?.split('?', 1)[0] ?? '');
    if (shown) return this.carryOut(exchange, shown.route, shown.handle);
    exchange.writeCommonHeaders();
    return ofItself.test(request.url ?? '') ? routed(request, response) : exchange.traced(() => routed(request, response));
  }

  private async carryOut(exchange: Exchange, route: string, handle: () => Promise<void>): Promise<void> {
    exchange.route = route;
    try {
      this.refuseUnfit(exchange);
      await handle();
    } catch (error) {
      const told = { subject: `${exchange.method} ${route}`, requestId: exchange.id };
      // No database stands behind the gateway itself: a service that misses its own says so in a problem.
      exchange.refuse(
        toProblemError(
          error,
          (fault) => this.onFault(fault, told),
          () => false,
        ),
      );
    }
  }

  private end(exchange: Exchange): void {
    this.connections.end(exchange);
    exchange.endTrace();
    drain(exchange.request);
    const { response } = exchange;
    // A stream of events lasts as long as its client likes, which says nothing about this door.
    if (String(response.getHeader('content-type')).startsWith('text/event-stream')) return;
    this.metrics.observe('http_server_request_duration_seconds', (performance.now() - exchange.startedAt) / 1_000, {
      http_request_method: exchange.method,
      http_response_status_code: String(response.statusCode),
      http_route: exchange.route,
    });
  }

  private refuseUnfit({ headers, request }: Exchange): void {
    if (headers.host === undefined && request.httpVersion !== '1.0') {
      throw new ProblemError('HEADER_INVALID', 'The Host header is missing.', {
        errors: [{ path: 'header.host', rule: 'REQUIRED', got: 'nothing', allowed: 'the host name of this server' }],
      });
    }
    this.closing.refuseNew();
  }
}

function answerUnrouted(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem =
    problemOfHttpError(error, request, []) ?? new ProblemError('REQUEST_INVALID', 'The request cannot be understood.');
  const { status, headers, body } = problemAnswer(problem, request.id);
  reply.code(status).headers(headers).send(body);
}

function drain(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  const cut = after('gateway-door.linger', lingerMs, () => request.socket.destroy());
  const settle = guarded('gateway-door.drain', () => clearTimeout(cut));
  request.once('end', settle);
  request.once('close', settle);
}
