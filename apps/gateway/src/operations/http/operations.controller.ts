import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { limits, operations, type InlineTasks, type JobReceipt, type ReceivedBody } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { RequestBodies } from '../../http/request-bodies.js';
import type { Caller } from '../../keys/domain/known-keys.js';
import { mayActAs, requireRole, requireUnbound } from '../../keys/domain/permission.js';
import { NeedsRole } from '../../keys/http/access.js';
import { CallerName, TheCaller, TheOrigin } from '../../keys/http/caller.js';
import { Backend } from '../../nats/backend.js';
import { ReceiveUpload } from '../../uploads/commands/receive-upload.js';
import { CreateJobFromBody } from '../commands/create-job-from-body.js';
import { actionsOf, readOperation, type OperationRequest, type OperationsEndpoint } from '../domain/operation-request.js';
import { headOf, inputOf, jobOf, type RequestContext } from './operation-input.js';

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
    @TheOrigin() origin: Origin,
    @CallerName() callerName: string,
  ): Promise<unknown> {
    const context = contextOf(request, caller);
    if (this.bodies.kindOf(request) === 'ndjson') {
      requireRole(caller, operations.createJob.role, 'createJob');
      const openPieces = (ended: AbortSignal) => this.bodies.upload(request, ended);
      const upload = this.receiveUpload.execute(callerName, openPieces, (line) => headOf(line, context), origin);
      return answerCreated(await upload, reply);
    }
    return this.carryOut(request, caller, '/job-operations', ({ action, data }, tasks) => {
      if (action !== 'createJob') return this.backend.ask(action, inputOf(action, data), origin);
      return this.createJob.execute(jobOf(data, tasks, context), tasks, origin).then((receipt) => answerCreated(receipt, reply));
    });
  }

  @Post('error-operations')
  @HttpCode(200)
  @NeedsRole('viewer')
  errorOperation(@Req() request: FastifyRequest, @TheCaller() caller: Caller, @TheOrigin() origin: Origin): Promise<unknown> {
    return this.carryOut(request, caller, '/error-operations', ({ action, data }) =>
      this.backend.ask(action, inputOf(action, data), origin),
    );
  }

  private carryOut(
    request: FastifyRequest,
    caller: Caller,
    endpoint: OperationsEndpoint,
    act: (operation: OperationRequest, tasks: InlineTasks | null) => Promise<unknown>,
  ): Promise<unknown> {
    const use = async ({ rest, tasks }: ReceivedBody): Promise<unknown> => {
      const operation = readOperation(rest, actionsOf(endpoint));
      const { role, tenancy } = operations[operation.action];
      requireRole(caller, role, operation.action);
      if (tenancy === 'platform') requireUnbound(caller, operation.action);
      return act(operation, tasks);
    };
    // A viewer can only ask, which takes few bytes: no more are worth parsing before the action and its role are known.
    return this.bodies.json(request, use, mayActAs(caller, 'operator') ? undefined : limits.viewerBodyBytes);
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
