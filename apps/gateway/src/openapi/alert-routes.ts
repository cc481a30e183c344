import {
  alertConditionNameSchema,
  listAlertConditionsSchema,
  listAlertSilencesSchema,
  listAlertsSchema,
  type ProblemCode,
} from '@kintsugi/contracts';
import type { DocumentedRoute } from './documented-routes.js';
import { exampleConditionName } from './alert-examples.js';

/** The routes by which alerts are read, and by which Alertmanager tells of incidents. */
export const alertRoutes = (bodyProblems: readonly ProblemCode[]): DocumentedRoute[] => [
  {
    method: 'get',
    path: '/v1/alerts',
    operationId: 'listAlerts',
    tag: 'jobs',
    access: 'viewer',
    summary: 'Alerts and incidents: those that are open, or those of a state',
    query: listAlertsSchema,
    answer: { kind: 'json', description: 'A page of alerts.', of: 'listAlerts' },
    problems: ['VALIDATION_FAILED', 'CURSOR_INVALID'],
  },
  {
    method: 'get',
    path: '/v1/alert-conditions',
    operationId: 'listAlertConditions',
    tag: 'jobs',
    access: 'viewer',
    summary: 'Alert conditions, by name',
    query: listAlertConditionsSchema,
    answer: { kind: 'json', description: 'A page of conditions.', of: 'listAlertConditions' },
    problems: ['VALIDATION_FAILED'],
  },
  {
    method: 'get',
    path: '/v1/alert-conditions/{id}',
    operationId: 'getAlertCondition',
    tag: 'jobs',
    access: 'viewer',
    summary: 'An alert condition',
    id: { schema: alertConditionNameSchema, example: exampleConditionName },
    answer: { kind: 'json', description: 'The condition.', of: 'getAlertCondition' },
    problems: ['VALIDATION_FAILED', 'ALERT_CONDITION_NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/v1/alert-silences',
    operationId: 'listAlertSilences',
    tag: 'jobs',
    access: 'viewer',
    summary: 'Silences that have not ended',
    query: listAlertSilencesSchema,
    answer: { kind: 'json', description: 'A page of silences.', of: 'listAlertSilences' },
    problems: ['VALIDATION_FAILED'],
  },
  {
    method: 'post',
    path: '/v1/hooks/alertmanager',
    operationId: 'takeIncidents',
    tag: 'jobs',
    access: 'operator',
    summary: 'Takes in what Alertmanager posts to a webhook',
    description:
      'The address for `webhook_configs` of Alertmanager, with an API key as its bearer token. Each alert is an incident, known by its ' +
      '`fingerprint` and `startsAt`: the same message twice changes nothing. INCIDENT_RECOVERIES says what an incident may start.',
    takes: 'takeIncidents',
    answer: { kind: 'json', description: 'What was new of it.', of: 'takeIncidents' },
    problems: [...bodyProblems],
  },
];
