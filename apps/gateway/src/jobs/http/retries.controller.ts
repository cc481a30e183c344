import { Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { jobIdSchema, type RetryReceipt } from '@kintsugi/contracts';
import { ContractPipe, type Origin } from '@kintsugi/messaging';
import { NeedsRole } from '../../keys/http/access.js';
import { TheOrigin } from '../../keys/http/caller.js';
import { Backend } from '../../nats/backend.js';
import { Weighs } from '../../rates/http/weight.js';

/** Runs failed jobs again. */
@Controller('retry')
export class RetriesController {
  constructor(private readonly backend: Backend) {}

  @Post(':id')
  @HttpCode(200)
  @NeedsRole('operator')
  @Weighs(5)
  async retryJob(
    @Param('id', { schema: jobIdSchema, pipes: [new ContractPipe('id')] }) id: string,
    @TheOrigin() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RetryReceipt> {
    const receipt = await this.backend.ask('retryJob', { job_id: id }, origin);
    reply.raw.setHeader('location', `/v1/jobs/${receipt.job_id}`);
    return receipt;
  }
}
