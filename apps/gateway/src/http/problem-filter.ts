import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemAnswer } from '@kintsugi/hosting';
import { toProblemError, type FaultListener } from '@kintsugi/messaging';
import { problemOfHttpError } from './problem-of-error.js';
import type { Route } from './route-table.js';

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
