import { Readable } from 'node:stream';
import { Controller, Get, Head, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError, streamTopicOf, type StreamTopic } from '@kintsugi/contracts';
import { ContractPipe, type Origin } from '@kintsugi/messaging';
import { EventBacklog, EventOutlet, beginStream, streamHeaders } from '../../events/http/event-outlet.js';
import { lastSeenOf } from '../../events/http/last-seen.js';
import { NeedsRole } from '../../keys/http/access.js';
import type { IsStillAdmitted, Weigh } from '../../keys/http/admissions.js';
import { CallerName, StillAdmitted, TheOrigin, WeighMore } from '../../keys/http/caller.js';
import { FollowTopics } from '../commands/follow-topics.js';
import { streamQuerySchema, type StreamQuery } from './stream-query.js';

const inQuery = new ContractPipe('query');

/** Many topics over one connection, as server-sent events. */
@Controller('v1/stream')
export class StreamController {
  private readonly backlog = new EventBacklog();

  constructor(private readonly followTopics: FollowTopics) {}

  /** What the stream would be answered; nothing is followed, since an answer without a body would never end. */
  @Head()
  @NeedsRole('viewer')
  async head(
    @Query({ schema: streamQuerySchema, pipes: [inQuery] }) { topics }: StreamQuery,
    @TheOrigin() origin: Origin,
    @WeighMore() weigh: Weigh,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    weigh(topics.length - 1);
    await this.followTopics.check({ topics: topicsOf(topics), origin });
    reply.headers(streamHeaders);
    return Readable.from([]);
  }

  @Get()
  @NeedsRole('viewer')
  async follow(
    @Query({ schema: streamQuerySchema, pipes: [inQuery] })
    { topics, interval_ms: intervalMs, last_event_id: lastId }: StreamQuery,
    @Req() request: FastifyRequest,
    @TheOrigin() origin: Origin,
    @CallerName() callerName: string,
    @StillAdmitted() isStillAdmitted: IsStillAdmitted,
    @WeighMore() weigh: Weigh,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    // Each of them is asked for by itself.
    weigh(topics.length - 1);
    const outlet = new EventOutlet(this.backlog);
    const lastSeen = lastSeenOf(request.headers['last-event-id'] ?? lastId);
    const asked = { topics: topicsOf(topics), intervalMs, lastSeen, callerName, isStillAdmitted, origin };
    const client = await this.followTopics.execute(asked, outlet);
    if (outlet.body.destroyed) {
      throw new ProblemError('OVERLOADED', 'More happened than could be kept for this client. Try again.');
    }
    outlet.onClosed(() => client.finish('cut'));
    if (request.raw.socket.destroyed) client.finish('cut');
    beginStream(request, reply);
    return outlet.body;
  }
}

function topicsOf(names: readonly string[]): StreamTopic[] {
  return names.flatMap((name) => streamTopicOf(name) ?? []);
}
