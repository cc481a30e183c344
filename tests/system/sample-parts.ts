export interface Sample {
  subject: string;
  body: unknown;
  headers?: Record<string, string>;
}

/** Fields that messages of many kinds have. */
export const chunkId = '01890a5d-ac96-774b-bcce-b302099a8057.0';
export const jobId = 'job_01890a5d-ac96-774b-bcce-b302099a8057.0';
export const taskId = `task_${chunkId}.0`;
export const groupId = `grp_${'0'.repeat(32)}`;
export const recordId = `err_${chunkId}.0`;
export const head = { product_id: 'p', sending_group_id: 'g', user_id: 'u', type: 'no.such.type', labels: { a: 'b' } };
export const run = { task_id: taskId, attempt: 1 };
export const now = '2026-01-01T00:00:00.000Z';
export const retryConfig = { error_type: 'a', max_attempts: 2, initial_delay: 1, max_delay: 1, backoff_factor: 1 };
export const condition = { field: 'error_message', operator: 'in', value: [{ a: [1] }] };
