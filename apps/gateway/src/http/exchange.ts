import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { TRACEPARENT_HEADER, type ProblemError } from '@kintsugi/contracts';
import { problemAnswer, requestIdHeader, requestIdOf } from '@kintsugi/hosting';
import { tracing, type TracedSpan } from '@kintsugi/tracing';
import { securityHeaders } from './security-headers.js';

/** What is answered to a request that went well. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Told as JSON. */
  body: unknown;
}

const json = 'application/json; charset=utf-8';
const kept = Symbol('exchange');

type WithExchange = IncomingMessage & { [kept]?: Exchange };

/** One request and its answer, whether it goes by Nest's routes or to the door's own. */
export class Exchange {
  readonly id: string;
  readonly startedAt = performance.now();
  /** The path as it was registered, such as `/v1/jobs/:id`; empty where there is no such route. */
  route = '';
  private span: TracedSpan | null = null;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
  ) {
    this.id = requestIdOf(request);
    (request as WithExchange)[kept] = this;
  }

  static of(request: IncomingMessage): Exchange {
    const exchange = (request as WithExchange)[kept];
    if (!exchange) throw new Error('This request has not come through the door.');
    return exchange;
  }

  get headers(): IncomingHttpHeaders {
    return this.request.headers;
  }

  get method(): string {
    return this.request.method ?? '';
  }

  get address(): string {
    return this.request.socket.remoteAddress ?? '';
  }

  /** Does what answers it as a part of its trace, where it has one. */
  traced(work: () => unknown): unknown {
    const on = tracing();
    if (!on) return work();
    const { method } = this;
    // Twice the header is none: the two are told as one that cannot be read.
    const given = this.headers[TRACEPARENT_HEADER];
    // Its path may hold ids: it is named by its route once that is known.
    this.span = on.enter(typeof given === 'string' ? given : undefined, () => ({
      name: method,
      kind: 'server',
      attributes: { 'http.request.method': method, 'kintsugi.request.id': this.id },
    }));
    return this.span ? on.within(this.span, work) : work();
  }

  /** It was answered, or is being answered for as long as the client likes. */
  endTrace(): void {
    const { span, route, response } = this;
    if (!span) return;
    this.span = null;
    const { statusCode } = response;
    span.rename(route ? `${this.method} ${route}` : this.method);
    span.note({ 'http.route': route, 'http.response.status_code': statusCode });
    span.end(statusCode >= 500 ? String(statusCode) : undefined);
  }

  /** The headers that all answers have, for one that others write. */
  writeCommonHeaders(): void {
    const { response } = this;
    for (let index = 0; index < securityHeaders.length; index += 2) {
      response.setHeader(securityHeaders[index] as string, securityHeaders[index + 1] as string);
    }
    response.setHeader(requestIdHeader, this.id);
    response.setHeader('cache-control', 'no-store');
  }

  answer({ status, headers, body }: Answer): void {
    this.write(status, { 'content-type': json, 'cache-control': 'no-store', ...headers }, JSON.stringify(body));
  }

  /** Answers with a file. */
  send(status: number, headers: Record<string, string>, body: Buffer, security = securityHeaders): void {
    this.write(status, headers, body, security);
  }

  refuse(problem: ProblemError): void {
    const { status, headers, body } = problemAnswer(problem, this.id);
    this.write(status, headers, body);
  }

  /** All at once: headers that are set one by one cost more than the rest of an answer. */
  private write(status: number, headers: Record<string, string>, body: string | Buffer, security = securityHeaders): void {
    const { response } = this;
    if (response.destroyed) return;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const list = [...security, requestIdHeader, this.id, 'content-length', String(Buffer.byteLength(body))];
    for (const name in headers) list.push(name, headers[name] as string);
    response.writeHead(status, list);
    response.end(body);
  }
}
