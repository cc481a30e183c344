/** As in the contracts, which are not loaded to read a command line; a test holds both equal. */
export const jobStatuses = [
  'scheduled',
  'pending',
  'running',
  'paused',
  'recovering',
  'cancelling',
  'completed',
  'failed',
  'cancelled',
];

export const endedJobStatuses = ['completed', 'failed', 'cancelled'];

export const historyGroupFields = ['type', 'tenant', 'product_id', 'user_id', 'sending_group_id'];
