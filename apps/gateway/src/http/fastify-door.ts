import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { after, guarded } from '@kintsugi/boundary';
import { ProblemError } from '@kintsugi/contracts';
import { headerBytesMax, problemAnswer, requestIdHeader, requestIdOf } from '@kintsugi/hosting';
import type { Metrics } from '@kintsugi/observability';
import type { Closing } from './closing.js';
import { ConnectionFaults } from './connection-faults.js';
import { OpenConnections } from './open-connections.js';
import { problemOfHttpError } from './problem-of-error.js';
import type { Route } from './route-table.js';
import { writeSecurityHeaders } from './security-headers.js';

export interface DoorOptions {
  headersTimeoutMs: number;
  /** The longest that any request may take to arrive; bodies have shorter bounds of their own. */
  requestTimeoutMs: number;
  closing: Closing;
  metrics: Metrics;
}

export interface Door {
  adapter: FastifyAdapter;
  /** Filled as routes are registered. */
  routes: readonly Route[];
  connections: OpenConnections;
}

/** How long what is left of a refused body is still read, so that the answer arrives before the connection is cut. */
const lingerMs = 2_000;

/**
 * Fastify as this door wants it: no body is read before the guard has spoken, every bound is set, and whatever goes wrong
 * before a route is reached is answered like any other problem.
 */
export function openDoor(options: DoorOptions): Door {
  const routes: Route[] = [];
  const faults = new ConnectionFaults();
  const connections = new OpenConnections();
  const adapter = new FastifyAdapter({
    skipMiddie: true,
    logger: false,
    exposeHeadRoutes: true,
    requestTimeout: options.requestTimeoutMs,
    return503OnClosing: false,
    genReqId: requestIdOf,
    http: {
      maxHeaderSize: headerBytesMax,
      headersTimeout: options.headersTimeoutMs,
      connectionsCheckingInterval: 1_000,
      requireHostHeader: false,
    },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => answerUnrouted(error, request, reply),
    clientErrorHandler: faults.handle,
    routerOptions: { maxParamLength: 200 },
  });
  const instance = adapter.getInstance<FastifyInstance>();
  faults.watch(instance);
  connections.watch(instance);
  instance.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) routes.push({ method, path: route.url });
  });
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  instance.addHook('onRequest', writeSecurityHeaders);
  instance.addHook('onRequest', async (request, reply) => {
    reply.headers({ [requestIdHeader]: request.id, 'cache-control': 'no-store' });
    refuseWithoutHost(request);
    options.closing.refuseNew();
  });
  instance.addHook('onSend', async (_request, reply) => {
    if (options.closing.begun) reply.header('connection', 'close');
  });
  instance.addHook('onResponse', async (request, reply) => {
    drain(request);
    observe(options.metrics, request, reply);
  });
  return { adapter, routes, connections };
}

function answerUnrouted(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem =
    problemOfHttpError(error, request, []) ?? new ProblemError('REQUEST_INVALID', 'The request cannot be understood.');
  const { status, headers, body } = problemAnswer(problem, request.id);
  reply
    .code(status)
    .headers({ ...headers, [requestIdHeader]: request.id })
    .send(body);
}

function refuseWithoutHost(request: FastifyRequest): void {
  if (request.headers.host !== undefined || request.raw.httpVersion === '1.0') return;
  throw new ProblemError('HEADER_INVALID', 'The Host header is missing.', {
    errors: [{ path: 'header.host', rule: 'REQUIRED', got: 'nothing', allowed: 'the host name of this server' }],
  });
}

function drain({ raw }: FastifyRequest): void {
  if (raw.complete || raw.destroyed) return;
  raw.resume();
  const cut = after('fastify-door.linger', lingerMs, () => raw.socket.destroy());
  const settle = guarded('fastify-door.drain', () => clearTimeout(cut));
  raw.once('end', settle);
  raw.once('close', settle);
}

/** A stream of events lasts as long as its client likes, which says nothing about this door. */
function observe(metrics: Metrics, request: FastifyRequest, reply: FastifyReply): void {
  if (String(reply.getHeader('content-type')).startsWith('text/event-stream')) return;
  metrics.observe('http_server_request_duration_seconds', reply.elapsedTime / 1_000, {
    http_request_method: request.method,
    http_response_status_code: String(reply.statusCode),
    http_route: request.routeOptions.url ?? '',
  });
}
