import type {
  ActionInput,
  ActionResponse,
  AlertConditionPage,
  AlertConditionTest,
  AlertConditionView,
  AlertPage,
  AlertSilencePage,
  AlertSilenceView,
} from '@kintsugi/contracts';
import type { Act, Read } from './calls.js';

/** Conditions of which somebody is told, and the alerts that follow from them. */
export function alertCalls(read: Read, act: Act) {
  return {
    /** Alerts and incidents: those that are open, or those of a state. */
    listAlerts: (query: ActionInput<'listAlerts'> = {}): Promise<AlertPage> => read('/v1/alerts', query),

    createAlertCondition: (condition: ActionInput<'createAlertCondition'>): Promise<AlertConditionView> =>
      act('/job-operations', 'createAlertCondition', condition),

    /** Changes what is given. */
    updateAlertCondition: (change: ActionInput<'updateAlertCondition'>): Promise<AlertConditionView> =>
      act('/job-operations', 'updateAlertCondition', change),

    deleteAlertCondition: (name: string): Promise<ActionResponse<'deleteAlertCondition'>> =>
      act('/job-operations', 'deleteAlertCondition', { name }),

    /** The figures of a condition now, whether it holds, and who would be told. */
    testAlertCondition: (name: string): Promise<AlertConditionTest> => act('/job-operations', 'testAlertCondition', { name }),

    getAlertCondition: (name: string): Promise<AlertConditionView> => read(`/v1/alert-conditions/${encodeURIComponent(name)}`),

    listAlertConditions: (query: ActionInput<'listAlertConditions'> = {}): Promise<AlertConditionPage> =>
      read('/v1/alert-conditions', query),

    /** Keeps alerts quiet for a while. */
    createAlertSilence: (silence: ActionInput<'createAlertSilence'>): Promise<AlertSilenceView> =>
      act('/job-operations', 'createAlertSilence', silence),

    deleteAlertSilence: (id: string): Promise<ActionResponse<'deleteAlertSilence'>> =>
      act('/job-operations', 'deleteAlertSilence', { id }),

    listAlertSilences: (query: ActionInput<'listAlertSilences'> = {}): Promise<AlertSilencePage> =>
      read('/v1/alert-silences', query),
  };
}
