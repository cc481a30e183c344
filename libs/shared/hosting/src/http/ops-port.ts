import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { after, guarded } from '@kintsugi/boundary';
import { ProblemError, shown } from '@kintsugi/contracts';
import { toProblemError, type FaultListener } from '@kintsugi/messaging';
import type { Logger } from '@kintsugi/observability';
import type { SelfReport } from '../self-report.js';
import { SettingsError } from '../settings.js';
import type { OpsSettings } from '../shared-settings.js';
import { headerBytesMax, problemOfConnection, problemText, refuseExpectation } from './connection-problems.js';
import { isPortTaken, listenFault } from './listen-fault.js';
import { isLoopbackHost } from './loopback-host.js';
import { problemAnswer, type ProblemAnswer } from './problem-answer.js';
import { requestIdHeader, requestIdOf } from './request-id.js';

export interface OpsPortOptions {
  settings: OpsSettings;
  self: SelfReport;
  logger: Logger;
  onFault: FaultListener;
  /** Called as soon as somebody has connected, before the question is read. */
  onConnection: () => void;
}

const paths = ['/metrics', '/health/live', '/health/ready'] as const;
type Path = (typeof paths)[number];
const methods = ['GET', 'HEAD'];
const wildcards = ['0.0.0.0', '::'];
const requestTimeoutMs = 5_000;
const connectionCheckMs = 10_000;
const connectionsMax = 100;
const retryAfterMs = 5_000;
/** How long the peer of a broken request gets to read why. */
const lingerMs = 1_000;

/**
 * Where a process answers for itself: its metrics, whether it lives and whether it can do its work, with NATS and without.
 * It looks on and never stands in the way: while another process holds its port, the service works without it.
 */
export class OpsPort {
  private readonly server: Server;
  private readonly busy = new Set<Socket>();
  private retry: NodeJS.Timeout | undefined;
  private isClosing = false;

  private constructor(private readonly options: OpsPortOptions) {
    this.server = createServer(
      {
        maxHeaderSize: headerBytesMax,
        headersTimeout: requestTimeoutMs,
        requestTimeout: requestTimeoutMs,
        connectionsCheckingInterval: connectionCheckMs,
        requireHostHeader: false,
      },
      guarded('ops-port', (request, response) => this.handle(request, response)),
    );
    this.server.maxConnections = connectionsMax;
    this.server.on('connection', guarded('ops-port.accept', options.onConnection));
    this.server.on(
      'error',
      guarded('ops-port.server', (error: Error) => {
        // One of the start is told by whoever started it.
        if (this.server.listening) throw error;
      }),
    );
    this.server.on('checkExpectation', guarded('ops-port.expectation', refuseExpectation));
    this.server.on(
      'clientError',
      guarded('ops-port.connection', (error: Error, socket: Socket) => this.refuse(error, socket)),
    );
  }

  /** Opens it, or rejects with the fault of the settings. A port that is taken is tried again until it is free. */
  static async open(options: OpsPortOptions): Promise<OpsPort> {
    refuseOpenMetrics(options.settings);
    const ops = new OpsPort(options);
    await ops.listen();
    return ops;
  }

  /**
   * `host:port` for those who ask from elsewhere; null while the port is another process's.
   * @param seenAs the address of this process as others see it, for one that listens on all it has
   */
  address(seenAs: string | undefined): string | null {
    const bound = this.server.address();
    if (bound === null || typeof bound === 'string') return null;
    const { OPS_HOST, OPS_ADVERTISED_HOST } = this.options.settings;
    const host = OPS_ADVERTISED_HOST ?? (wildcards.includes(OPS_HOST) ? seenAs : OPS_HOST);
    if (host === undefined) return null;
    return `${host.includes(':') ? `[${host}]` : host}:${bound.port}`;
  }

  async close(): Promise<void> {
    this.isClosing = true;
    clearTimeout(this.retry);
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async listen(isRetry = false): Promise<void> {
    const { OPS_HOST: host, OPS_PORT: port } = this.options.settings;
    try {
      await listenOn(this.server, host, port);
      if (isRetry) this.options.logger.info({ host, port }, 'The ops port is open now');
    } catch (error) {
      const wanted = { host: { setting: 'OPS_HOST', value: host }, port: { setting: 'OPS_PORT', value: port } };
      if (!isPortTaken(error)) throw listenFault(error, wanted);
      if (!isRetry) this.options.logger.warn({ host, port }, 'OPS_PORT is taken by another process: trying until it is free');
      if (this.isClosing) return;
      this.retry = after('ops-port.listen', retryAfterMs, () => this.listen(true));
      this.retry.unref();
    }
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    const requestId = requestIdOf(request);
    response.on(
      'error',
      guarded('ops-port.response', () => undefined),
    );
    this.busy.add(socket);
    response.once(
      'close',
      guarded('ops-port.response', () => this.busy.delete(socket)),
    );
    const { status, headers, body } = await this.answer(request).catch((error: unknown) => {
      const onFault = (fault: unknown): void => this.options.onFault(fault, { subject: 'ops-port', requestId });
      return problemAnswer(
        toProblemError(error, onFault, () => false),
        requestId,
      );
    });
    if (response.destroyed) return;
    response.writeHead(status, {
      ...headers,
      [requestIdHeader]: requestId,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-length': String(Buffer.byteLength(body)),
      ...(this.isClosing ? { connection: 'close' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  private async answer(request: IncomingMessage): Promise<ProblemAnswer> {
    const path = pathOf(request);
    const isTrusted = this.isTrusted(request);
    switch (path) {
      case '/health/live':
        return json(200, { alive: true });
      case '/health/ready': {
        const { ready, checks, ...about } = await this.options.self.readiness();
        return json(ready ? 200 : 503, { ...about, ready, checks: isTrusted ? checks : withoutReasons(checks) });
      }
      case '/metrics': {
        if (!isTrusted) {
          throw new ProblemError('UNAUTHENTICATED', 'Send `Authorization: Bearer` with the OPS_TOKEN of this process.');
        }
        const { self } = this.options;
        return { status: 200, headers: { 'content-type': self.textType }, body: await self.text() };
      }
    }
  }

  /** Whoever has the token, or, where none is asked for, is on this machine: a page of a web site is not, under whatever name. */
  private isTrusted({ headers }: IncomingMessage): boolean {
    const { OPS_TOKEN } = this.options.settings;
    if (OPS_TOKEN !== undefined) return isSame(headers.authorization ?? '', `Bearer ${OPS_TOKEN}`);
    if (isLoopbackHost(headers.host ?? '')) return true;
    const got = shown(headers.host);
    throw new ProblemError('HOST_NOT_ALLOWED', `Without an OPS_TOKEN this port answers to loopback names only, not to ${got}.`, {
      errors: [{ path: 'header.host', rule: 'VALUE', got, allowed: 'localhost, 127.0.0.1 or [::1]' }],
    });
  }

  /** What is no HTTP is told so, unless that would end up within the answer to what came before it. */
  private refuse(error: Error & { code?: string }, socket: Socket): void {
    if (error.code === 'ECONNRESET' || !socket.writable || this.busy.has(socket)) {
      socket.destroy();
      return;
    }
    socket.end(problemText(problemOfConnection(error)));
    after('ops-port.linger', lingerMs, () => socket.destroy()).unref();
  }
}

function refuseOpenMetrics({ OPS_HOST, OPS_TOKEN }: OpsSettings): void {
  if (OPS_TOKEN !== undefined || isLoopbackHost(OPS_HOST)) return;
  throw new SettingsError(
    `OPS_HOST is ${OPS_HOST}, but there is no OPS_TOKEN: anyone who reaches it could read the metrics.\n` +
      'Set OPS_TOKEN to 16 characters or more, or OPS_HOST=127.0.0.1.',
  );
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = guarded('ops-port.listen', reject);
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

function pathOf({ url = '', method = '' }: IncomingMessage): Path {
  const given = url.split('?', 1)[0] ?? '';
  const path = paths.find((known) => known === given);
  const known = `${paths.slice(0, -1).join(', ')} and ${paths.at(-1)}`;
  if (path === undefined) {
    throw new ProblemError('ROUTE_NOT_FOUND', `There is no route ${shown(given)} at this port, only ${known}.`);
  }
  if (methods.includes(method)) return path;
  throw new ProblemError('METHOD_NOT_ALLOWED', `${path} does not answer ${method}, only ${methods.join(', ')}.`, {
    allowed: methods,
  });
}

/** A driver says what it misses in words that name hosts: those are for whoever may read the metrics. */
function withoutReasons(checks: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(checks).map(([check, state]) => [check, state === 'ok' ? 'ok' : 'failing']));
}

function json(status: number, value: object): ProblemAnswer {
  const headers = { 'content-type': 'application/json; charset=utf-8', ...(status === 503 ? { 'retry-after': '1' } : {}) };
  return { status, headers, body: JSON.stringify(value) };
}

/** In a time that tells nothing of where the texts differ. */
function isSame(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
