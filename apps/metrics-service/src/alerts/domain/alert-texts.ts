import { alertSignals, type AlertNotice } from '@kintsugi/contracts';
import { viewAlert, type Alert } from './alert.js';
import type { AlertCondition } from './alert-condition.js';

/** What is wrong, in one sentence: as whoever made the condition has put it, or by its figures. */
export function summaryOf({ signal, fires, threshold, summary, type }: AlertCondition, { subject, value }: Alert): string {
  if (summary !== '') return summary;
  const { unit } = alertSignals[signal];
  const of = subject === '' ? (type ?? '') : subject;
  const figure = value === null ? 'unknown' : `${rounded(value)} ${unit}`;
  return `${signal}${of === '' ? '' : ` of ${of}`} is ${figure}: ${fires} ${rounded(threshold)}.`;
}

/** What a webhook is posted of an alert: a CloudEvent as JSON. */
export function alertMessage(alert: Alert, notice: AlertNotice, at: Date): string {
  return JSON.stringify({
    ...{ specversion: '1.0', id: messageIdOf(alert, notice), type: `kintsugi.${notice}.v1`, source: '/kintsugi/metrics-service' },
    ...{ time: at.toISOString(), datacontenttype: 'application/json', data: { alerts: [viewAlert(alert)] } },
  });
}

/** The same for the same alert and end of it, whoever decides it and how often. */
export function messageIdOf({ _id }: Alert, notice: AlertNotice): string {
  return `${_id}.${notice === 'alert.fired' ? 'fired' : 'resolved'}`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
