import {
  alertConditionNameRequestSchema,
  alertConditionPageSchema,
  alertConditionSchema,
  alertConditionTestSchema,
  createAlertConditionSchema,
  deletedAlertConditionSchema,
  listAlertConditionsSchema,
  updateAlertConditionSchema,
} from './alert-condition.js';
import {
  alertPageSchema,
  alertSilencePageSchema,
  alertSilenceSchema,
  createAlertSilenceSchema,
  deleteAlertSilenceSchema,
  deletedAlertSilenceSchema,
  listAlertSilencesSchema,
  listAlertsSchema,
  takeIncidentsSchema,
  takenIncidentsSchema,
} from './alert.js';

const read = { service: 'metrics', role: 'viewer', tenancy: 'records' } as const;
const change = { service: 'metrics', endpoint: '/job-operations', role: 'operator', tenancy: 'records' } as const;

/** What can be asked of alerts. */
export const alertOperations = {
  createAlertCondition: {
    ...change,
    tenancy: 'new',
    about: 'Makes a condition: while it holds for long enough, an alert fires, and webhooks and Alertmanager are told.',
    request: createAlertConditionSchema,
    response: alertConditionSchema,
  },
  updateAlertCondition: {
    ...change,
    about: 'Changes a condition; what is left out stays.',
    request: updateAlertConditionSchema,
    response: alertConditionSchema,
  },
  deleteAlertCondition: {
    ...change,
    about: 'Ends a condition. What it had open is resolved.',
    request: alertConditionNameRequestSchema,
    response: deletedAlertConditionSchema,
  },
  testAlertCondition: {
    ...change,
    about: 'Looks at the figures of a condition now, and says whether it holds and who would be told. Nobody is.',
    request: alertConditionNameRequestSchema,
    response: alertConditionTestSchema,
  },
  createAlertSilence: {
    ...change,
    tenancy: 'new',
    about: 'Keeps alerts quiet for a while: they fire and are listed, and nobody is told.',
    request: createAlertSilenceSchema,
    response: alertSilenceSchema,
  },
  deleteAlertSilence: {
    ...change,
    about: 'Ends a silence. Whoever is to be told of what fires is told now.',
    request: deleteAlertSilenceSchema,
    response: deletedAlertSilenceSchema,
  },
  getAlertCondition: {
    ...read,
    about: 'A condition.',
    request: alertConditionNameRequestSchema,
    response: alertConditionSchema,
  },
  listAlertConditions: {
    ...read,
    about: 'Conditions, by name.',
    request: listAlertConditionsSchema,
    response: alertConditionPageSchema,
  },
  listAlerts: {
    ...read,
    about: 'Alerts and incidents: those that are open, or those of a state, newest first.',
    request: listAlertsSchema,
    response: alertPageSchema,
  },
  listAlertSilences: {
    ...read,
    about: 'Silences that have not ended.',
    request: listAlertSilencesSchema,
    response: alertSilencePageSchema,
  },
  takeIncidents: {
    ...change,
    tenancy: 'new',
    about: 'Takes in what Alertmanager posts: each alert of it is an incident. The same twice changes nothing.',
    request: takeIncidentsSchema,
    response: takenIncidentsSchema,
  },
} as const;
