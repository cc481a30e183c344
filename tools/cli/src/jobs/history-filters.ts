import { withoutGaps, type FetchJobHistory, type JobStatus } from '@kintsugi/contracts';
import { periodOf, type PeriodOptions } from '../period-options.js';

/** Which jobs of the history a command is about. */
export interface HistoryFilterOptions extends PeriodOptions {
  status?: JobStatus[];
  type?: string;
  product?: string;
  group?: string;
  user?: string;
  tenant?: string;
  label?: string;
  text?: string;
  errorType?: string[];
  minMs?: number;
  maxMs?: number;
}

export function historyFiltersOf(options: HistoryFilterOptions): FetchJobHistory['filters'] {
  const { status, type, product, group, user, tenant, label, text, errorType, minMs, maxMs } = options;
  const given = {
    status,
    type,
    product_id: product,
    sending_group_id: group,
    user_id: user,
    tenant,
    label,
    text,
    error_types: errorType,
    date_range: periodOf(options),
    duration_ms: minMs === undefined && maxMs === undefined ? undefined : { min: minMs, max: maxMs },
  };
  return withoutGaps(given);
}
