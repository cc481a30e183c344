import type { Incident, IncidentRecovery } from '@kintsugi/contracts';
import type { Alert } from './alert.js';

/** A recovery that an alert of a name may start. */
export interface IncidentRule {
  alertname: string;
  action: 'autoRecover' | 'manualRecover';
  /** The pool, or the group of failures. */
  target: string;
}

const subjectLabels = ['type', 'service', 'slo', 'instance'] as const;
const summaryLength = 300;

/** The incident that an alert of Alertmanager opens. */
export function incidentOf(id: string, told: Incident, tenant: string | null, rules: readonly IncidentRule[], now: Date): Alert {
  const { labels, annotations, status } = told;
  const name = labels['alertname'] ?? told.fingerprint;
  const since = new Date(told.startsAt);
  return {
    ...{ _id: id, source: 'alertmanager', name, tenant },
    subject: subjectLabels.flatMap((label) => labels[label] ?? [])[0] ?? '',
    state: status,
    severity: labels['severity'] ?? '',
    summary: (annotations['summary'] ?? annotations['description'] ?? name).slice(0, summaryLength),
    runbook_url: annotations['runbook_url'] ?? null,
    ...{ value: null, hushed_by: null, since, fired_at: since, clear_since: null, told_at: null },
    resolved_at: status === 'resolved' ? endOf(told, now) : null,
    labels,
    recovery: status === 'firing' && tenant === null ? recoveryOf(name, rules) : null,
    rev: 0,
  };
}

/** When an alert was over. Nothing ends later than now, whatever its clock says. */
export function endOf({ endsAt }: Incident, now: Date): Date {
  return new Date(Math.min(now.getTime(), endsAt === undefined ? now.getTime() : new Date(endsAt).getTime()));
}

/** What the settings let an alert of this name start, once. */
function recoveryOf(name: string, rules: readonly IncidentRule[]): IncidentRecovery | null {
  const rule = rules.find(({ alertname }) => alertname === name);
  return rule ? { action: rule.action, target: rule.target, state: 'owed', detail: '' } : null;
}

const rulePattern = /^([A-Za-z_][A-Za-z0-9_]{0,99})=(autoRecover|manualRecover):([A-Za-z0-9._-]{1,64})$/;

/** Reads `ALERTNAME=autoRecover:POOL` or `ALERTNAME=manualRecover:GROUP`; null for anything else. */
export function incidentRuleOf(text: string): IncidentRule | null {
  const [, alertname, action, target] = rulePattern.exec(text) ?? [];
  if (alertname === undefined || target === undefined) return null;
  if (action === 'manualRecover' && !/^grp_[0-9a-f]{32}$/.test(target)) return null;
  return { alertname, action: action as IncidentRule['action'], target };
}
