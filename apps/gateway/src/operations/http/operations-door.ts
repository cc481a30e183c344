import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import {
  isPreview,
  limits,
  operations,
  type ActionName,
  type CreateJobAnswer,
  type InlineTasks,
  type ReceivedBody,
} from '@kintsugi/contracts';
import { HTTP_DOOR } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import type { Answer, Exchange } from '../../http/exchange.js';
import { GatewayDoor } from '../../http/gateway-door.js';
import { RequestBodies } from '../../http/request-bodies.js';
import type { Caller } from '../../keys/domain/known-keys.js';
import { mayActAs, requireRole, requireUnbound } from '../../keys/domain/permission.js';
import { Admissions, type Admission } from '../../keys/http/admissions.js';
import { Backend } from '../../nats/backend.js';
import { ReceiveUpload } from '../../uploads/commands/receive-upload.js';
import { CreateJobFromBody } from '../commands/create-job-from-body.js';
import { weightOf } from '../domain/action-weight.js';
import { etagOf, withExpectedVersion } from '../domain/expected-version.js';
import { keyedByPlace } from '../domain/idempotency-key.js';
import { actionsOf, readOperation, type OperationRequest, type OperationsEndpoint } from '../domain/operation-request.js';
import { headOf, inputOf, jobOf, type RequestContext } from './operation-input.js';

const asks = { access: 'viewer', weight: 1 } as const;

const allowed: Record<OperationsEndpoint, readonly ActionName[]> = {
  '/job-operations': actionsOf('/job-operations'),
  '/error-operations': actionsOf('/error-operations'),
  '/pool-operations': actionsOf('/pool-operations'),
};

/**
 * The endpoints that take `{action, data}`. The role that an action needs is asked once the action is known. The door answers
 * them by itself and not through Nest: what a job of one task costs here is most of what it costs at all (docs/adr/0020).
 */
@Injectable()
export class OperationsDoor implements OnModuleInit {
  constructor(
    @Inject(HTTP_DOOR) private readonly door: GatewayDoor,
    private readonly admissions: Admissions,
    private readonly bodies: RequestBodies,
    private readonly backend: Backend,
    private readonly createJob: CreateJobFromBody,
    private readonly receiveUpload: ReceiveUpload,
  ) {}

  onModuleInit(): void {
    this.door.answer('/job-operations', async (exchange) => this.jobOperation(exchange, await this.admitted(exchange)));
    this.door.answer('/rerun-partial', async (exchange) => this.rerun(exchange, await this.admitted(exchange)));
    this.door.answer('/v1/hooks/alertmanager', async (exchange) => this.incidents(exchange, await this.admitted(exchange)));
    for (const endpoint of ['/error-operations', '/pool-operations'] as const) {
      this.door.answer(endpoint, async (exchange) => this.plainOperation(exchange, endpoint, await this.admitted(exchange)));
    }
  }

  private async admitted(exchange: Exchange): Promise<Admission> {
    return (await this.admissions.admit(exchange, asks)) as Admission;
  }

  private jobOperation(exchange: Exchange, admission: Admission): Promise<Answer> {
    const { caller, origin } = admission;
    const context = contextOf(exchange, caller);
    if (this.bodies.kindOf(exchange.request) === 'ndjson') {
      requireRole(caller, operations.createJob.role, 'createJob');
      const openPieces = (ended: AbortSignal) => this.bodies.upload(exchange.request, ended);
      return this.receiveUpload.execute(admission, openPieces, (line) => headOf(line, context)).then(answerOfReceipt);
    }
    return this.carryOut(exchange, admission, '/job-operations', ({ action, data }, tasks) => {
      if (action === 'updateBatchJob') return this.updateJob(exchange, data, origin);
      if (action === 'createJobs') return this.createJobs(data, context, origin);
      if (action !== 'createJob') return this.backend.ask(action, inputOf(action, data), origin).then(answerOf);
      return this.createJob.execute(jobOf(data, tasks, context), tasks, origin).then(answerOfReceipt);
    });
  }

  private createJobs(data: unknown, { idempotencyKeys }: RequestContext, origin: Origin): Promise<Answer> {
    const { jobs, ...rest } = inputOf('createJobs', data);
    return this.backend.ask('createJobs', { ...rest, jobs: keyedByPlace(idempotencyKeys, jobs) }, origin).then(answerOf);
  }

  /** A job of a version is told with it, so that it can be changed only while it still is as it was read. */
  private async updateJob({ headers }: Exchange, data: unknown, origin: Origin): Promise<Answer> {
    const update = inputOf('updateBatchJob', withExpectedVersion(data, headers['if-match']));
    const job = await this.backend.ask('updateBatchJob', update, origin);
    return job.version === undefined ? answerOf(job) : { ...answerOf(job), headers: { etag: etagOf(job.version) } };
  }

  /** The body is the data of the action itself. */
  private rerun({ request }: Exchange, { caller, origin }: Admission): Promise<Answer> {
    requireRole(caller, operations.rerunPartial.role, 'rerunPartial');
    return this.bodies.json(request, async ({ rest }) => {
      const plan = await this.backend.ask('rerunPartial', inputOf('rerunPartial', rest), origin);
      return plan.run ? { ...answerOf(plan), headers: { location: `/v1/jobs/${plan.run.job_id}` } } : answerOf(plan);
    });
  }

  /** What Alertmanager posts is the data of the action itself. */
  private incidents({ request }: Exchange, { caller, origin }: Admission): Promise<Answer> {
    requireRole(caller, operations.takeIncidents.role, 'takeIncidents');
    return this.bodies.json(request, async ({ rest }) =>
      answerOf(await this.backend.ask('takeIncidents', inputOf('takeIncidents', rest), origin)),
    );
  }

  private plainOperation(exchange: Exchange, endpoint: OperationsEndpoint, admission: Admission): Promise<Answer> {
    return this.carryOut(exchange, admission, endpoint, ({ action, data }) =>
      this.backend.ask(action, inputOf(action, data), admission.origin).then(answerOf),
    );
  }

  private carryOut(
    { request }: Exchange,
    { caller, weigh }: Admission,
    endpoint: OperationsEndpoint,
    act: (operation: OperationRequest, tasks: InlineTasks | null) => Promise<Answer>,
  ): Promise<Answer> {
    const use = async ({ rest, tasks }: ReceivedBody): Promise<Answer> => {
      const operation = readOperation(rest, allowed[endpoint]);
      const { role, tenancy } = operations[operation.action];
      requireRole(caller, role, operation.action);
      if (tenancy === 'platform') requireUnbound(caller, operation.action);
      weigh(weightOf(operation.action) - asks.weight);
      return act(operation, tasks);
    };
    // A viewer can only ask, which takes few bytes: no more are worth parsing before the action and its role are known.
    return this.bodies.json(request, use, mayActAs(caller, 'operator') ? undefined : limits.viewerBodyBytes);
  }
}

function contextOf({ request }: Exchange, caller: Caller): RequestContext {
  const isGiven = request.headers['idempotency-key'] !== undefined;
  return { caller, idempotencyKeys: isGiven ? request.headersDistinct['idempotency-key'] : undefined };
}

function answerOf(body: unknown): Answer {
  return { status: 200, body };
}

/** 201 for a new job; 200 for one that the same idempotency key had made before, and where none was to be made. */
function answerOfReceipt(receipt: CreateJobAnswer): Answer {
  if (isPreview(receipt)) return answerOf(receipt);
  const location = `/v1/jobs/${receipt.job_id}`;
  if (receipt.replayed) return { status: 200, headers: { location, 'idempotency-replayed': 'true' }, body: receipt };
  return { status: 201, headers: { location }, body: receipt };
}
