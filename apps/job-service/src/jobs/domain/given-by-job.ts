import { keptTenant, toldLabels } from '../../tasks/domain/job-head.js';
import type { JobRecord } from './job.js';

/**
 * What the staged chunks of an accepted job are told of it as they become real. Tasks that were not to run before a time, or
 * before other jobs, have not waited until then.
 */
export function givenByJob(job: JobRecord) {
  const { type, priority, safety, retry_config, tenant, timeout_s, created_at, run_at, labels, deadline_at, traceparent } = job;
  const said = {
    ...keptTenant(tenant),
    ...(timeout_s === undefined ? {} : { timeout_s }),
    ...toldLabels(labels),
    ...(deadline_at === undefined ? {} : { deadline_at }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  const freedAt = job.freed_at?.getTime() ?? 0;
  const accepted_at = Math.max(Date.parse(created_at), freedAt, run_at === undefined ? 0 : Date.parse(run_at));
  return { queue: type, priority, safety, retry_config, accepted_at, ...said };
}
