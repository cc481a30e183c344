import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { operations, type CreateJob, type JobReceipt } from '@kintsugi/contracts';
import { RequestBodies } from '../../http/request-bodies.js';
import type { Caller } from '../../keys/domain/key-ring.js';
import { requireRole } from '../../keys/domain/permission.js';
import { NeedsRole } from '../../keys/http/access.js';
import { TheCaller } from '../../keys/http/caller.js';
import { Backend } from '../../nats/backend.js';
import { ReceiveUpload } from '../../uploads/commands/receive-upload.js';
import { CreateJobFromBody } from '../commands/create-job-from-body.js';
import { actionsOf, readOperation, type OperationRequest, type OperationsEndpoint } from '../domain/operation-request.js';
import { completed, headOf, inputOf, type RequestContext } from './operation-input.js';

/** The two endpoints that take `{action, data}`. The role that an action needs is asked once the action is known. */
@Controller()
export class OperationsController {
  constructor(
    private readonly bodies: RequestBodies,
    private readonly backend: Backend,
    private readonly createJob: CreateJobFromBody,
    private readonly receiveUpload: ReceiveUpload,
  ) {}

  @Post('job-operations')
  @HttpCode(200)
  @NeedsRole('viewer')
  async jobOperation(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @TheCaller() caller: Caller,
  ): Promise<unknown> {
    const context = contextOf(request, caller);
    if (this.bodies.kindOf(request) === 'ndjson') {
      requireRole(caller, operations.createJob.role, 'createJob');
      const upload = this.receiveUpload.execute(this.bodies.upload(request), (line) => headOf(line, context), request.id);
      return answerCreated(await upload, reply);
    }
    const { action, data } = await this.read(request, caller, '/job-operations');
    if (action !== 'createJob') return this.backend.ask(action, inputOf(action, data), request.id);
    const job = completed(inputOf('createJob', data) as CreateJob, context);
    return answerCreated(await this.createJob.execute(job, request.id), reply);
  }

  @Post('error-operations')
  @HttpCode(200)
  @NeedsRole('viewer')
  async errorOperation(@Req() request: FastifyRequest, @TheCaller() caller: Caller): Promise<unknown> {
    const { action, data } = await this.read(request, caller, '/error-operations');
    return this.backend.ask(action, inputOf(action, data), request.id);
  }

  private async read(request: FastifyRequest, caller: Caller, endpoint: OperationsEndpoint): Promise<OperationRequest> {
    const operation = readOperation(await this.bodies.json(request), actionsOf(endpoint));
    requireRole(caller, operations[operation.action].role, operation.action);
    return operation;
  }
}

function contextOf(request: FastifyRequest, caller: Caller): RequestContext {
  return { caller, idempotencyKeys: request.raw.headersDistinct['idempotency-key'] };
}

/** 201 for a new job; 200 for one that the same idempotency key had made before. */
function answerCreated(receipt: JobReceipt, reply: FastifyReply): JobReceipt {
  reply.header('location', `/v1/jobs/${receipt.job_id}`);
  if (receipt.replayed) reply.code(200).header('idempotency-replayed', 'true');
  else reply.code(201);
  return receipt;
}
