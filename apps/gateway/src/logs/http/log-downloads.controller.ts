import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { jobIdSchema } from '@kintsugi/contracts';
import { ContractPipe, type Origin } from '@kintsugi/messaging';
import { NeedsRole } from '../../keys/http/access.js';
import type { IsStillAdmitted } from '../../keys/http/admissions.js';
import { CallerName, StillAdmitted, TheOrigin } from '../../keys/http/caller.js';
import { Weighs } from '../../rates/http/weight.js';
import { DownloadLog } from '../commands/download-log.js';
import { downloadQuerySchema, type DownloadQuery } from './log-query.js';

/** The log of a job, or of one of its tasks, as a file. */
@Controller('logs/download')
export class LogDownloadsController {
  constructor(private readonly downloadLog: DownloadLog) {}

  @Get(':id')
  @NeedsRole('viewer')
  @Weighs(5)
  async download(
    @Param('id', { schema: jobIdSchema, pipes: [new ContractPipe('id')] }) id: string,
    @Query({ schema: downloadQuerySchema, pipes: [new ContractPipe('query')] }) { task_id: taskId }: DownloadQuery,
    @Req() request: FastifyRequest,
    @TheOrigin() origin: Origin,
    @CallerName() callerName: string,
    @StillAdmitted() isStillAdmitted: IsStillAdmitted,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    // Without a validator of ours, a condition on one can never hold: all of it is wanted then.
    const wantedPart = request.headers['if-range'] === undefined ? request.headers.range : undefined;
    const { body, totalBytes, range } = await this.downloadLog.execute(
      { jobId: id, taskId, range: wantedPart },
      { callerName, isStillAdmitted },
      origin,
    );
    const isHead = request.method === 'HEAD';
    if (isHead || request.raw.socket.destroyed) body.destroy();
    reply.headers({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="${taskId ?? id}.log"`,
      'cache-control': 'no-store',
      'accept-ranges': 'bytes',
      vary: 'accept-encoding',
    });
    if (range) {
      reply.code(206).headers({
        'content-range': `bytes ${range.start}-${range.end}/${totalBytes}`,
        'content-length': range.end - range.start + 1,
      });
    } else if (acceptsGzip(request.headers['accept-encoding'])) {
      reply.header('content-encoding', 'gzip');
      // Broken off, the client is cut off: that is seen by whoever reads it, and by nobody else.
      return isHead ? Readable.from([]) : pipeline(body, createGzip({ level: 3 }), () => undefined);
    } else reply.header('content-length', totalBytes);
    return isHead ? Readable.from([]) : body;
  }
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? '').split(',');
  return codings.some((coding) => /^\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(coding));
}
