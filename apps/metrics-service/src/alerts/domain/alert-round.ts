import { alertSignals, type AlertNotice } from '@kintsugi/contracts';
import { hushedBy, type Alert, type AlertSilence } from './alert.js';
import type { AlertCondition } from './alert-condition.js';
import { holds, stepOf } from './alert-step.js';
import { summaryOf } from './alert-texts.js';
import { ownedIdOf } from '../../webhooks/domain/owned.js';

/** Alerts that one condition may have open: those furthest beyond its threshold. */
export const openMaxOfCondition = 50;

export interface AlertRound {
  conditions: readonly AlertCondition[];
  /** All alerts of conditions that are open. */
  open: readonly Alert[];
  silences: readonly AlertSilence[];
  /** By condition: its figures by subject. A condition that is not in it cannot be decided now, and its alerts stay as they are. */
  figures: ReadonlyMap<string, ReadonlyMap<string, number>>;
  now: Date;
  newId: () => string;
}

/** A write that follows from a look: of one alert, and of what is told of it. */
export interface AlertChange {
  /** null: it is new. */
  before: Alert | null;
  /** null: it was over before it fired, and is forgotten. */
  after: Alert | null;
  notice: AlertNotice | null;
  /** Webhooks that are told; all when it is empty. */
  notify: readonly string[];
}

/** What follows from a look at all conditions. The same look again, over what it has written, changes nothing. */
export function roundOf(round: AlertRound): AlertChange[] {
  const moved = movesOf(round);
  const firing = moved.flatMap(({ after }) => (after?.state === 'firing' ? after : []));
  const byId = new Map(round.conditions.map((condition) => [condition._id, condition]));
  const conditionFor = (alert: Alert | null): AlertCondition | null => (alert && byId.get(conditionOf(alert))) ?? null;
  return moved
    .map(({ before, after }) => told(before, after, conditionFor(after ?? before), firing, round))
    .filter(({ before, after }) => !isSame(before, after));
}

interface Moved {
  before: Alert | null;
  after: Alert | null;
}

function movesOf(round: AlertRound): Moved[] {
  const { conditions, open, figures, now } = round;
  const openOf = Map.groupBy(open, conditionOf);
  const moves: Moved[] = [];
  for (const condition of conditions) {
    const own = openOf.get(condition._id) ?? [];
    openOf.delete(condition._id);
    const values = condition.enabled ? figures.get(condition._id) : new Map<string, number>();
    if (!values) {
      moves.push(...own.map((alert) => ({ before: alert, after: alert })));
      continue;
    }
    const bySubject = new Map(own.map((alert) => [alert.subject, alert]));
    for (const subject of subjectsOf(condition, values, own)) {
      const move = moveOf(condition, bySubject.get(subject) ?? null, subject, values.get(subject) ?? null, round);
      if (move) moves.push(move);
    }
  }
  // Of conditions that are gone.
  for (const alert of [...openOf.values()].flat()) {
    moves.push({ before: alert, after: alert.state === 'firing' ? resolved(alert, now) : null });
  }
  return moves;
}

/** What is open, and as much of what the condition holds for as it may have open. */
function subjectsOf(condition: AlertCondition, values: ReadonlyMap<string, number>, own: readonly Alert[]): string[] {
  const known = own.map(({ subject }) => subject);
  const direction = condition.fires === 'above' ? -1 : 1;
  const held = [...values]
    .filter(([subject, value]) => holds(condition, value) && !known.includes(subject))
    .sort(([a, x], [b, y]) => direction * (x - y) || (a < b ? -1 : 1))
    .map(([subject]) => subject);
  return [...known, ...held.slice(0, Math.max(0, openMaxOfCondition - known.length))];
}

function moveOf(
  condition: AlertCondition,
  before: Alert | null,
  subject: string,
  value: number | null,
  { now, newId }: AlertRound,
): Moved | null {
  const standing = before === null ? null : ({ ...before, state: before.state === 'firing' ? 'firing' : 'pending' } as const);
  const move = stepOf(condition, standing, value, now);
  if (move === null) return null;
  if (move === 'dropped') return { before, after: null };
  if (move === 'resolved') return { before, after: before && resolved(before, now) };
  const { state, since, fired_at, clear_since } = move;
  const after: Alert = {
    ...(before ?? opened(condition, subject, newId())),
    ...{ state, since, fired_at, clear_since, value: value ?? before?.value ?? null },
    ...{ severity: condition.severity, runbook_url: condition.runbook_url, labels: labelsOf(condition, subject) },
  };
  return { before, after: { ...after, summary: summaryOf(condition, after) } };
}

function opened(condition: AlertCondition, subject: string, id: string): Alert {
  const { _id, name, tenant, severity } = condition;
  return {
    ...{ _id: id, open_key: `${_id} ${subject}`, source: 'condition', name, tenant, subject, state: 'pending', severity },
    ...{ summary: '', runbook_url: null, value: null, hushed_by: null, since: new Date(0), fired_at: null, clear_since: null },
    ...{ told_at: null, resolved_at: null, labels: {}, recovery: null, rev: 0 },
  };
}

function labelsOf({ name, tenant, severity, signal, type }: AlertCondition, subject: string): Record<string, string> {
  const kind = alertSignals[signal].subject;
  return {
    ...{ alertname: name, severity, signal },
    ...(tenant === null ? {} : { tenant }),
    ...(type === null ? {} : { type }),
    ...(kind === null || subject === '' ? {} : { [kind]: subject }),
  };
}

function resolved(alert: Alert, now: Date): Alert {
  const { open_key: _, ...rest } = alert;
  return { ...rest, state: 'resolved', resolved_at: now };
}

/** Who is told once is told of the end as well, whatever would keep it quiet by then. */
function told(
  before: Alert | null,
  after: Alert | null,
  condition: AlertCondition | null,
  firing: readonly Alert[],
  round: AlertRound,
): AlertChange {
  const { silences, now } = round;
  const notify = condition?.notify ?? [];
  if (after === null || after.state === 'pending') return { before, after, notice: null, notify };
  if (after.state === 'resolved') {
    const notice = after.told_at === null ? null : 'alert.resolved';
    return { before, after, notice, notify: after.notify ?? notify };
  }
  const hushed = hushedBy(after, condition?.inhibited_by ?? [], firing, silences, now);
  const isNews = hushed === null && after.told_at === null;
  return {
    before,
    after: { ...after, hushed_by: hushed, ...(isNews ? { told_at: now, notify: [...notify] } : {}) },
    notice: isNews ? 'alert.fired' : null,
    notify,
  };
}

function conditionOf(alert: Alert): string {
  return ownedIdOf(alert, alert.name);
}

function isSame(before: Alert | null, after: Alert | null): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}
