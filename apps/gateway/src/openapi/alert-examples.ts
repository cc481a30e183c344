import type { ActionInput } from '@kintsugi/contracts';

export const exampleConditionName = 'smtp-is-late';

type AlertAction =
  | 'createAlertCondition'
  | 'updateAlertCondition'
  | 'deleteAlertCondition'
  | 'testAlertCondition'
  | 'createAlertSilence'
  | 'deleteAlertSilence'
  | 'takeIncidents';

/** One good request of each action about alerts. */
export const alertExamples: { [Action in AlertAction]: ActionInput<Action> } = {
  createAlertCondition: {
    name: exampleConditionName,
    signal: 'queue_age_s',
    type: 'smtp.send',
    threshold: 120,
    clear_at: 60,
    for_s: 60,
    clear_for_s: 120,
    severity: 'page',
    inhibited_by: ['no-workers'],
  },
  updateAlertCondition: { name: exampleConditionName, threshold: 300 },
  deleteAlertCondition: { name: exampleConditionName },
  testAlertCondition: { name: exampleConditionName },
  createAlertSilence: { condition: exampleConditionName, for_s: 3_600, reason: 'The relay is moved.' },
  deleteAlertSilence: { id: `sil_${'0123456789abcdef'.repeat(2)}` },
  takeIncidents: {
    version: '4',
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'KintsugiNoWorkers', severity: 'page', type: 'smtp.send' },
        annotations: { summary: 'Nobody runs tasks of the type smtp.send.' },
        startsAt: '2026-01-01T00:00:00.000Z',
        endsAt: '0001-01-01T00:00:00Z',
        fingerprint: '0123456789abcdef',
      },
    ],
  },
};
