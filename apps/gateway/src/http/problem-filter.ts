import { Catch, HttpException, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError, shown } from '@kintsugi/contracts';
import { problemAnswer } from '@kintsugi/hosting';
import { toProblemError, type FaultListener } from '@kintsugi/messaging';
import { contentTypeUnsupported } from './content-kind.js';
import { methodsOfPath, type Route } from './route-table.js';

/** Answers every error with a problem. One that no caller can cause is reported as a fault and told as INTERNAL. */
@Catch()
export class HttpProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: readonly Route[],
    private readonly onFault: FaultListener,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem =
      problemOfHttpError(error, request, this.routes) ??
      toProblemError(
        error,
        (fault) => this.onFault(fault, { subject: `${request.method} ${request.routeOptions.url ?? ''}`, requestId: request.id }),
        // No database stands behind the gateway itself: a service that misses its own says so in a problem.
        () => false,
      );
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    const { status, headers, body } = problemAnswer(problem, request.id);
    reply.code(status).headers(headers).send(body);
  }
}

/**
 * The problem that an error of Nest or Fastify amounts to, for those that a caller can cause.
 * Null for anything else: that is a fault of ours.
 */
export function problemOfHttpError(error: unknown, request: FastifyRequest, routes: readonly Route[]): ProblemError | null {
  if (error instanceof NotFoundException) return unrouted(request, routes);
  const cause = error instanceof HttpException ? error.cause : error;
  const code = isFastifyError(cause) ? cause.code : undefined;
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return contentTypeUnsupported(request.headers['content-type']);
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') return unrouted(request, []);
  if (code === 'FST_ERR_BAD_URL') return badUrl(request);
  if (error instanceof HttpException && error.getStatus() < 500) {
    return new ProblemError('REQUEST_INVALID', 'The request cannot be understood. See /docs for what is expected.');
  }
  return null;
}

function unrouted(request: FastifyRequest, routes: readonly Route[]): ProblemError {
  const path = request.raw.url?.split('?')[0] ?? '';
  const methods = methodsOfPath(routes, path);
  if (methods.length === 0) {
    return new ProblemError('ROUTE_NOT_FOUND', `There is no route ${shown(path)}. See /docs for those that there are.`);
  }
  return new ProblemError('METHOD_NOT_ALLOWED', `${path} does not answer ${request.method}, only ${methods.join(', ')}.`, {
    allowed: methods,
  });
}

function badUrl(request: FastifyRequest): ProblemError {
  return new ProblemError('REQUEST_INVALID', 'The path of the request is not valid percent-encoding.', {
    errors: [{ path: 'url', rule: 'FORMAT', got: shown(request.raw.url), allowed: 'percent-encoded UTF-8' }],
  });
}

function isFastifyError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_');
}
