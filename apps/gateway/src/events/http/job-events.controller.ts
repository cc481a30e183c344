import { Readable } from 'node:stream';
import { Controller, Get, Head, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError, jobIdSchema } from '@kintsugi/contracts';
import { ContractPipe, type Origin } from '@kintsugi/messaging';
import { NeedsRole } from '../../keys/http/access.js';
import type { IsStillAdmitted } from '../../keys/http/admissions.js';
import { CallerName, StillAdmitted, TheOrigin } from '../../keys/http/caller.js';
import { Backend } from '../../nats/backend.js';
import { FollowJob } from '../commands/follow-job.js';
import { EventBacklog, EventOutlet, beginStream, streamHeaders } from './event-outlet.js';
import { lastSeenOf } from './last-seen.js';

/** The events of a job as they happen, as server-sent events. */
@Controller('v1/jobs/:id/events')
export class JobEventsController {
  private readonly backlog = new EventBacklog();

  constructor(
    private readonly followJob: FollowJob,
    private readonly backend: Backend,
  ) {}

  /** What following the job would be answered; nothing is followed, since an answer without a body would never end. */
  @Head()
  @NeedsRole('viewer')
  async head(
    @Param('id', { schema: jobIdSchema, pipes: [new ContractPipe('id')] }) id: string,
    @TheOrigin() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    await this.backend.ask('getJob', { job_id: id }, origin);
    reply.headers(streamHeaders);
    return Readable.from([]);
  }

  @Get()
  @NeedsRole('viewer')
  async follow(
    @Param('id', { schema: jobIdSchema, pipes: [new ContractPipe('id')] }) id: string,
    @Req() request: FastifyRequest,
    @TheOrigin() origin: Origin,
    @CallerName() callerName: string,
    @StillAdmitted() isStillAdmitted: IsStillAdmitted,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable | undefined> {
    const outlet = new EventOutlet(this.backlog);
    const lastSeen = lastSeenOf(request.headers['last-event-id']);
    const asked = { jobId: id, lastSeen, callerName, isStillAdmitted, origin };
    const follower = await this.followJob.execute(asked, outlet);
    if (!follower) {
      // The status that keeps an EventSource from connecting again.
      reply.code(204);
      return undefined;
    }
    if (outlet.body.destroyed) {
      throw new ProblemError('OVERLOADED', 'More happened than could be kept for this client. Try again.');
    }
    outlet.onClosed(() => follower.finish('cut'));
    if (request.raw.socket.destroyed) follower.finish('cut');
    beginStream(request, reply);
    return outlet.body;
  }
}
