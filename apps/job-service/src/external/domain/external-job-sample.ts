import { freshExternalState, type ExternalState } from '../../jobs/domain/external-state.js';
import type { ExternalJobRecord } from '../../jobs/domain/job.js';

/** An external job for specs, whose producer may be silent for a minute. */
export function externalJobSample(
  given: Partial<Omit<ExternalJobRecord, 'external'>> & { external?: Partial<ExternalState> } = {},
): ExternalJobRecord {
  const { external, ...rest } = given;
  return {
    ...{
      _id: 'job_01890a5d-ac96-774b-bcce-b302099a8057',
      type: 'render',
      status: 'pending',
      product_id: 'p',
      sending_group_id: 'g',
    },
    ...{ user_id: 'u', tenant: 'default', priority: 5, max_parallel_tasks: null, retry_config: null, resource_limits: null },
    ...{ safety: 'idempotent', labels: {}, executor: 'external', stalled_after_s: 60, total_tasks: 0, chunks: 0, opened: true },
    ...{ task_counts: {}, first_try: 0, recovered: 0, retries: 0, error_types: {}, task_ms: {}, outcome_ms: {} },
    ...{ created_at: '2026-11-27T05:00:00.000Z', started_at: null, finished_at: null, events: 1, epoch: 1, outbox: [] },
    ...rest,
    external: { ...freshExternalState(60_000), ...external },
  };
}
