import { z } from 'zod';
import { numberSetting, type ServiceSettings } from '@kintsugi/hosting';
import { incidentRuleOf, type IncidentRule } from './alerts/domain/incident.js';
import { filterFields, type FilterField } from './job-history/mongo/job-indexes.js';

/** The settings of metrics-service beside those that all services share. */
export const metricsServiceSettings = {
  HISTORY_RETENTION_DAYS: numberSetting(90, 1, 3_650).describe('Days for which a job is remembered after its end.'),
  HISTORY_HOLD_MS: numberSetting(400, 0, 2_000).describe(
    'Milliseconds for which news of an unfinished job wait for its end, so that a quick job is written once, except what a person has changed; five times as long while more than 1,000 jobs wait.',
  ),
  HISTORY_COMPARE_EVERY_MS: numberSetting(300_000, 100, 86_400_000).describe(
    'Milliseconds after which new jobs are held against the record of job-service. All are at each start of it or of the broker, and once a day.',
  ),
  HISTORY_COMPARE_AFTER_MS: numberSetting(15_000, 0, 3_600_000).describe(
    'Age of a job, in milliseconds, below which its events may be on their way: it is compared later.',
  ),
  LOG_MAX_SIZE_MB: numberSetting(100, 1, 1_000_000).describe(
    'Mebibytes of text that are kept of the log of one job; what comes later is not, and the log says so.',
  ),
  LOG_RETENTION_DAYS: numberSetting(7, 0, 3_650).describe(
    'Days for which logs are kept: of a job after its last line, and as files of the platform once they are set aside. The log of a job that runs stays.',
  ),
  LOG_TOTAL_SIZE_MB: numberSetting(5_120, 1, 100_000_000).describe(
    'Mebibytes on disk that all logs of jobs may take; beyond, the oldest of jobs that have ended go.',
  ),
  LOG_SWEEP_EVERY_MS: numberSetting(60_000, 100, 86_400_000).describe('Milliseconds between two looks for logs to remove.'),
  USAGE_SAMPLES_DAYS: numberSetting(7, 1, 3_650).describe('Days for which what jobs and workers use is kept as it was sampled.'),
  USAGE_MINUTES_DAYS: numberSetting(30, 1, 3_650).describe('Days for which what jobs and workers use is kept by the minute.'),
  USAGE_HOURS_DAYS: numberSetting(400, 1, 3_650).describe('Days for which what jobs and workers use is kept by the hour.'),
  WEBHOOK_ALLOW_PRIVATE: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((entry) => entry !== ''))
    .describe(
      'Private addresses that webhooks may post to, parted by commas: `host`, `host:port` or a network such as `10.1.0.0/16`.',
    ),
  WEBHOOK_ATTEMPTS_MAX: numberSetting(8, 1, 50).describe('Tries of a message to a webhook before it is given up.'),
  WEBHOOK_RETRY_FIRST_MS: numberSetting(5_000, 10, 3_600_000).describe(
    'Milliseconds before the second try of a message; four times as long before each further one, up to six hours.',
  ),
  WEBHOOK_DISABLE_AFTER_HOURS: numberSetting(72, 1, 8_760).describe(
    'Hours without a message taken after which a webhook is disabled.',
  ),
  MAIL_SMTP_URL: z
    .union([z.literal(''), z.url({ protocol: /^smtps?$/ })])
    .default('')
    .describe(
      'The mail server of webhooks to mailto: addresses, such as smtp://user:password@mail.internal:587; none when empty.',
    ),
  MAIL_FROM: z.string().min(3).max(320).default('kintsugi@localhost').describe('The sender of mails.'),
  ALERT_EVERY_MS: numberSetting(10_000, 100, 3_600_000).describe('Milliseconds between two looks at alert conditions.'),
  ALERT_HISTORY_DAYS: numberSetting(90, 1, 3_650).describe(
    'Days for which alerts and incidents are kept after they were resolved.',
  ),
  ALERTMANAGER_URLS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((entry) => entry !== ''))
    .pipe(z.array(z.url({ protocol: /^https?$/ })).max(10))
    .describe('Alertmanagers that are told what fires, parted by commas, such as http://127.0.0.1:9093; none when empty.'),
  INCIDENT_RECOVERIES: z
    .string()
    .default('')
    .transform((text, context): IncidentRule[] =>
      text
        .split(',')
        .filter((entry) => entry !== '')
        .flatMap((entry) => {
          const rule = incidentRuleOf(entry);
          if (!rule) context.addIssue(`${entry} is neither ALERTNAME=autoRecover:POOL nor ALERTNAME=manualRecover:GROUP`);
          return rule ?? [];
        }),
    )
    .describe(
      'Recoveries that incidents of Alertmanager may start, each once, parted by commas: `ALERTNAME=autoRecover:POOL` or `ALERTNAME=manualRecover:GROUP`; none when empty.',
    ),
  HISTORY_INDEXED_FILTERS: z
    .string()
    .default('sending_group_id,user_id,product_id,type')
    .transform((text) => text.split(',').filter((name) => name !== ''))
    .pipe(z.array(z.enum(filterFields)))
    .transform((fields): FilterField[] => [...new Set(fields)])
    .describe(
      `Filters of job lists that have an index of their own, of ${filterFields.join(', ')}. Each takes the database about 4 us a job; without one, a rare value is looked for through all jobs of the time asked for.`,
    ),
};

export type MetricsServiceSettings = ServiceSettings<typeof metricsServiceSettings>;
