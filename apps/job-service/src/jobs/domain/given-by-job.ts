import { keptTenant } from '../../tasks/domain/job-head.js';
import type { JobRecord } from './job.js';

/** What the staged chunks of an accepted job are told of it as they become real. */
export function givenByJob({ type, priority, safety, retry_config, tenant, timeout_s, created_at }: JobRecord) {
  const said = { ...keptTenant(tenant), ...(timeout_s === undefined ? {} : { timeout_s }) };
  return { queue: type, priority, safety, retry_config, accepted_at: Date.parse(created_at), ...said };
}
