import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { actionOf, maySee, operations, type ActionName } from '@kintsugi/contracts';
import { actorOf, type Msg } from '@kintsugi/messaging';
import { JobDirectory } from '../job-directory.js';
import { jobNotFound } from '../job-handle.js';

/**
 * Lets nobody who is bound to a tenant at a job of another: to him it is not there. It stands before every request that names a
 * job, whoever handles it, so that no handler can forget it.
 */
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(private readonly directory: JobDirectory) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const message = context.switchToRpc().getContext<Msg | undefined>();
    // Durable commands come in batches and name no job that somebody asks about.
    if (message?.subject === undefined) return true;
    const actor = actorOf(message);
    const action = actionOf(message.subject);
    if (actor.tenant === null || !Object.hasOwn(operations, action)) return true;
    if (operations[action as ActionName].tenancy !== 'job') return true;
    const { job_id: jobId } = context.switchToRpc().getData<{ job_id?: unknown }>() ?? {};
    // What is no id is refused by the contract.
    return typeof jobId !== 'string' || this.requireOwn(jobId, (tenant) => maySee(actor, tenant));
  }

  private async requireOwn(jobId: string, isOwn: (tenant: string) => boolean): Promise<boolean> {
    const job = await this.directory.get(jobId);
    if (!isOwn(job.view().tenant)) throw jobNotFound(jobId);
    return true;
  }
}
