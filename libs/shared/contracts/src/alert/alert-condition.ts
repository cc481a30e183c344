import { z } from 'zod';
import { pageOf, pageShape } from '../page.js';
import { scheduleNameSchema } from '../schedule/schedule.js';
import { alertSignalNames } from './alert-signals.js';

export const alertSeverities = ['page', 'ticket', 'info'] as const;

export const alertConditionNameSchema = scheduleNameSchema;

/** Longer windows would have the history read again at each start; Prometheus has them (docs/monitoring.md). */
const windowSecondsMax = 3_600;
const holdSecondsMax = 86_400;

const seconds = z.int().min(0).max(holdSecondsMax);
const figure = z.number().min(0).max(1e12);

const changeableShape = {
  fires: z.enum(['above', 'below']).optional().describe('On which side of the threshold it fires; as is usual for its signal.'),
  threshold: figure.describe('Beyond it the condition holds; at it, it does not.'),
  clear_at: figure
    .optional()
    .describe('Where an alert that fires begins to be over, on the good side of the threshold; the threshold when absent.'),
  for_s: seconds.optional().describe('Seconds for which it holds before it fires; 0 when absent.'),
  clear_for_s: seconds.optional().describe('Seconds for which it is over before the alert is resolved; 0 when absent.'),
  window_s: z
    .int()
    .min(10)
    .max(windowSecondsMax)
    .optional()
    .describe('Seconds over which the signal is counted, where it is; 300 when absent.'),
  at_least: z
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe('Jobs in the window below which shares and durations say nothing; 1 when absent.'),
  objective: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe('failure_budget_burn: the share of jobs that is to complete; 0.995 when absent.'),
  type: z.string().min(1).max(200).nullable().optional().describe('Only of this type; null: of each type, or of all.'),
  severity: z.enum(alertSeverities).optional().describe('How urgent it is; ticket when absent.'),
  summary: z.string().max(300).optional().describe('What it means, for whoever is told; said from the figures when empty.'),
  runbook_url: z
    .string()
    .max(2_000)
    .refine((text) => ['http:', 'https:'].includes(URL.parse(text)?.protocol ?? ''), 'an http or https URL')
    .nullable()
    .optional()
    .describe('A page about what to do.'),
  notify: z
    .array(scheduleNameSchema)
    .max(20)
    .optional()
    .describe('Webhooks of yours that are told, out of those with the events of alerts; all of them when it is empty.'),
  inhibited_by: z
    .array(scheduleNameSchema)
    .max(20)
    .optional()
    .describe(
      'Conditions of yours of which this one is a symptom: while one fires about the same, or about all, this one tells nobody.',
    ),
  enabled: z.boolean().optional().describe('Whether it is looked at; true when absent.'),
};

export const createAlertConditionSchema = z.strictObject({
  name: alertConditionNameSchema,
  signal: z.enum(alertSignalNames).describe('The figure that it is about.'),
  ...changeableShape,
});

/** What is left out stays as it is. */
export const updateAlertConditionSchema = z.strictObject({
  name: alertConditionNameSchema,
  ...changeableShape,
  threshold: changeableShape.threshold.optional(),
});

export const alertConditionNameRequestSchema = z.strictObject({ name: alertConditionNameSchema });
export const listAlertConditionsSchema = z.strictObject({ ...pageShape });

export const alertConditionSchema = z.object({
  name: z.string().describe('Its name.'),
  tenant: z.string().nullable().describe('Whose figures it is about; null: those of all.'),
  user_id: z.string().describe('Who made it.'),
  signal: z.enum(alertSignalNames).describe('The figure that it is about.'),
  fires: z.enum(['above', 'below']).describe('On which side of the threshold it fires.'),
  threshold: z.number().describe('Beyond it the condition holds.'),
  clear_at: z.number().describe('Where an alert that fires begins to be over.'),
  for_s: z.int().describe('Seconds for which it holds before it fires.'),
  clear_for_s: z.int().describe('Seconds for which it is over before the alert is resolved.'),
  window_s: z.int().describe('Seconds over which the signal is counted, where it is.'),
  at_least: z.int().describe('Jobs in the window below which shares and durations say nothing.'),
  objective: z.number().describe('The share of jobs that is to complete, for failure_budget_burn.'),
  type: z.string().nullable().describe('Only of this type; null: of each type, or of all.'),
  severity: z.enum(alertSeverities).describe('How urgent it is.'),
  summary: z.string().describe('What it means; empty: said from the figures.'),
  runbook_url: z.string().nullable().describe('A page about what to do.'),
  notify: z.array(z.string()).describe('Webhooks that are told; all with the events of alerts when empty.'),
  inhibited_by: z.array(z.string()).describe('Conditions of which this one is a symptom.'),
  enabled: z.boolean().describe('Whether it is looked at.'),
  created_at: z.string().describe('When it was made.'),
  updated_at: z.string().describe('When it was last changed by somebody.'),
});

export const alertConditionPageSchema = pageOf(alertConditionSchema);
export const deletedAlertConditionSchema = z.object({
  name: z.string().describe('The condition that is gone, with what it had open.'),
});

export const alertConditionTestSchema = z.object({
  known: z.boolean().describe('Whether the figures could be had; false: nothing is decided while they cannot.'),
  values: z
    .array(
      z.object({
        subject: z.string().describe('What the figure is of: a type, a group or a schedule; empty: of all.'),
        value: z.number().describe('The figure now.'),
        holds: z.boolean().describe('Whether the condition holds with it.'),
      }),
    )
    .describe('The figures of the condition as it stands, those first with which it holds.'),
  told: z.array(z.string()).describe('The webhooks that would be told.'),
});

export type AlertConditionView = z.infer<typeof alertConditionSchema>;
export type AlertConditionPage = z.infer<typeof alertConditionPageSchema>;
export type AlertConditionTest = z.infer<typeof alertConditionTestSchema>;
