import { keptTenant } from '../../tasks/domain/job-head.js';
import type { JobRecord } from './job.js';

/**
 * What the staged chunks of an accepted job are told of it as they become real. Tasks that were not to run before a time have not
 * waited until then.
 */
export function givenByJob({ type, priority, safety, retry_config, tenant, timeout_s, created_at, run_at }: JobRecord) {
  const said = { ...keptTenant(tenant), ...(timeout_s === undefined ? {} : { timeout_s }) };
  return {
    queue: type,
    priority,
    safety,
    retry_config,
    accepted_at: Math.max(Date.parse(created_at), run_at === undefined ? 0 : Date.parse(run_at)),
    ...said,
  };
}
