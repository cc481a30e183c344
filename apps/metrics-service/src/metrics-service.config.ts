import { z } from 'zod';
import { numberSetting } from '@kintsugi/hosting';
import { filterFields, type FilterField } from './job-history/mongo/job-indexes.js';

/** The settings of metrics-service beside those that all services share. */
export const metricsServiceSettings = {
  HISTORY_RETENTION_DAYS: numberSetting(90, 1, 3_650).describe('Days for which a job is remembered after its end.'),
  HISTORY_HOLD_MS: numberSetting(800, 0, 5_000).describe(
    'Longest that news of an unfinished job waits for its end before it is written. More saves work with many short jobs, less shows accepted jobs sooner.',
  ),
  HISTORY_INDEXED_FILTERS: z
    .string()
    .default('sending_group_id,type')
    .transform((text) => text.split(',').filter((name) => name !== ''))
    .pipe(z.array(z.enum(filterFields)))
    .transform((fields): FilterField[] => [...new Set(fields)])
    .describe(
      `Filters of job lists that have an index of their own, of ${filterFields.join(', ')}. Each takes the database about 4 us a job; without one, a rare value is looked for through all jobs of the time asked for.`,
    ),
};
