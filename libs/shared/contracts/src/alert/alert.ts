import { z } from 'zod';
import { pageOf, pageShape } from '../page.js';
import { timeSchema } from '../period.js';
import { scheduleNameSchema } from '../schedule/schedule.js';

/** What a webhook can be told of alerts. */
export const alertNotices = ['alert.fired', 'alert.resolved'] as const;

export type AlertNotice = (typeof alertNotices)[number];

export const alertStates = ['pending', 'firing', 'resolved'] as const;
export const alertSources = ['condition', 'alertmanager'] as const;

export const listAlertsSchema = z.strictObject({
  state: z
    .enum(alertStates)
    .optional()
    .describe(
      'pending: it holds, and not for long enough yet. Firing and resolved ones are all that were told of, or would have been. All that are open when absent.',
    ),
  name: z.string().min(1).max(200).optional().describe('Of this condition, or of this alert of Alertmanager.'),
  ...pageShape,
});

export const incidentRecoverySchema = z.object({
  action: z.string().describe('What was asked for: autoRecover or manualRecover.'),
  target: z.string().describe('Of which pool, or of which group of failures.'),
  state: z
    .enum(['owed', 'asked', 'done', 'failed'])
    .describe('owed: it is asked for once somebody is there. asked: what became of it is not known yet, or will not be.'),
  detail: z.string().describe('What became of it.'),
});

export const alertSchema = z.object({
  id: z.string().describe('Its id.'),
  source: z.enum(alertSources).describe('Who says so: a condition of ours, or Alertmanager.'),
  name: z.string().describe('The condition, or the alertname.'),
  tenant: z.string().nullable().describe('Whose it is; null: it is about all.'),
  subject: z.string().describe('What it is about: a type, a group or a schedule; empty: all.'),
  state: z.enum(alertStates).describe('How it stands.'),
  severity: z.string().describe('How urgent it is.'),
  summary: z.string().describe('What is wrong.'),
  value: z.number().nullable().describe('The figure, as it was seen last; null where Alertmanager says so.'),
  hushed_by: z
    .string()
    .nullable()
    .describe('Why nobody is told of it: a silence, or another alert; null where nothing keeps it quiet.'),
  since: z.string().describe('Since when it holds.'),
  fired_at: z.string().nullable().describe('When it fired; null while it is pending.'),
  told_at: z.string().nullable().describe('When somebody was told; null where nobody was.'),
  resolved_at: z.string().nullable().describe('When it was over.'),
  labels: z.record(z.string(), z.string()).describe('Its labels.'),
  recovery: incidentRecoverySchema
    .nullable()
    .describe('What was done about it by itself, as far as the settings allow; null: nothing.'),
});

export const alertPageSchema = pageOf(alertSchema);

const silenceSecondsMax = 30 * 86_400;

export const createAlertSilenceSchema = z.strictObject({
  condition: scheduleNameSchema.optional().describe('Of this condition alone; of all of yours when absent.'),
  subject: z.string().min(1).max(300).optional().describe('About this type, group or schedule alone.'),
  for_s: z.int().min(1).max(silenceSecondsMax).describe('For how many seconds from now on nobody is told.'),
  reason: z.string().min(1).max(300).describe('Why.'),
});

export const alertSilenceSchema = z.object({
  id: z.string().describe('Its id.'),
  tenant: z.string().nullable().describe('Whose alerts it keeps quiet.'),
  condition: z.string().nullable().describe('Of this condition alone; null: of all.'),
  subject: z.string().nullable().describe('About this alone; null: about all.'),
  reason: z.string().describe('Why.'),
  user_id: z.string().describe('Who asked for it.'),
  created_at: z.string().describe('Since when it holds.'),
  until: z.string().describe('Until when it holds.'),
});

export const alertSilencePageSchema = pageOf(alertSilenceSchema);
export const listAlertSilencesSchema = z.strictObject({ ...pageShape });
export const deleteAlertSilenceSchema = z.strictObject({
  id: z
    .string()
    .regex(/^sil_[0-9a-f]{32}$/, 'the id of a silence: sil_ and 32 hex digits')
    .describe('The silence that ends now.'),
});
export const deletedAlertSilenceSchema = z.object({ id: z.string().describe('The silence that has ended.') });

/** Alerts of one message of Alertmanager at most; it sends one for each of its groups. */
const alertsOfMessageMax = 1_000;
const pairsMax = 100;
const fewPairs = z
  .record(z.string().max(200), z.string().max(10_000))
  .refine((pairs) => Object.keys(pairs).length <= pairsMax, `at most ${pairsMax} entries`);

const incidentSchema = z.object({
  fingerprint: z.string().min(1).max(64).describe('By which Alertmanager knows the alert.'),
  status: z.enum(['firing', 'resolved']).describe('How it stands.'),
  labels: fewPairs.describe('Its labels; alertname and severity are read, and what it is about.'),
  annotations: fewPairs.default({}).describe('Its annotations; summary and runbook_url are read.'),
  startsAt: timeSchema.describe('Since when it fires.'),
  endsAt: timeSchema.optional().describe('When it was over, once it is.'),
});

/** What Alertmanager posts (its version 4), as far as it is read: whatever else stands there is passed over. */
export const takeIncidentsSchema = z.object({
  version: z.string().max(10).optional().describe('Of the form of the message; nothing depends on it.'),
  alerts: z.array(incidentSchema).max(alertsOfMessageMax).describe('The alerts of a group.'),
});

export const takenIncidentsSchema = z.object({
  opened: z.int().describe('Incidents that were opened by it.'),
  resolved: z.int().describe('Incidents that ended by it.'),
  known: z.int().describe('Alerts of which that much was known already.'),
});

export type AlertView = z.infer<typeof alertSchema>;
export type AlertPage = z.infer<typeof alertPageSchema>;
export type AlertSilenceView = z.infer<typeof alertSilenceSchema>;
export type AlertSilencePage = z.infer<typeof alertSilencePageSchema>;
export type Incident = z.infer<typeof incidentSchema>;
export type IncidentRecovery = z.infer<typeof incidentRecoverySchema>;
export type TakenIncidents = z.infer<typeof takenIncidentsSchema>;
