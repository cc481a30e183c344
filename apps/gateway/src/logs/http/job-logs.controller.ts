import { Readable } from 'node:stream';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { jobIdSchema, type ActionInput, type LogPage } from '@kintsugi/contracts';
import { ContractPipe, type Origin } from '@kintsugi/messaging';
import { NeedsRole } from '../../keys/http/access.js';
import type { IsStillAdmitted } from '../../keys/http/admissions.js';
import { beginStream, streamHeaders } from '../../events/http/event-outlet.js';
import { CallerName, StillAdmitted, TheOrigin } from '../../keys/http/caller.js';
import { Backend } from '../../nats/backend.js';
import { Weighs } from '../../rates/http/weight.js';
import { FollowLog } from '../commands/follow-log.js';
import { logQuerySchema, type LogQuery } from './log-query.js';

/** What the tasks of a job have written: a page of it, or all of it as it comes. */
@Controller('v1/jobs/:id/logs')
export class JobLogsController {
  constructor(
    private readonly backend: Backend,
    private readonly followLog: FollowLog,
  ) {}

  @Get()
  @NeedsRole('viewer')
  @Weighs(5)
  async read(
    @Param('id', { schema: jobIdSchema, pipes: [new ContractPipe('id')] }) id: string,
    @Query({ schema: logQuerySchema, pipes: [new ContractPipe('query')] }) query: LogQuery,
    @Req() request: FastifyRequest,
    @TheOrigin() origin: Origin,
    @CallerName() callerName: string,
    @StillAdmitted() isStillAdmitted: IsStillAdmitted,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LogPage | Readable> {
    const { follow, ...filter } = query;
    const asked: ActionInput<'readJobLog'> = { job_id: id, ...filter };
    if (!follow) return this.backend.ask('readJobLog', asked, origin);
    const seen = request.headers['last-event-id'];
    const resumed = typeof seen === 'string' && seen !== '' ? { cursor: seen } : {};
    const from = { limit: 1_000, ...asked, ...resumed };
    // An answer without a body would never end.
    if (request.method === 'HEAD') {
      await this.backend.ask('readJobLog', from, origin);
      reply.headers(streamHeaders);
      return Readable.from([]);
    }
    const body = await this.followLog.execute({ request: from, callerName, isStillAdmitted, origin });
    if (request.raw.socket.destroyed) body.destroy();
    beginStream(request, reply);
    return body;
  }
}
