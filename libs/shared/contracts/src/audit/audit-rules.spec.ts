import { expect, test } from '@jest/globals';
import { commands } from '../commands.js';
import type { Operation } from '../operation.js';
import { operations, type ActionName } from '../operations.js';
import { auditRuleOf, auditRules, auditedThings, notAudited, type AuditRule } from './audit-rules.js';

const all = Object.entries(operations) as [ActionName, Operation][];

/** The names of the fields that a schema of an object has. */
function fieldsOf(schema: Operation['request']): string[] {
  const inner = (schema as { def?: { in?: Operation['request'] } }).def?.in ?? schema;
  return Object.keys((inner as { shape?: object }).shape ?? {});
}

test.each(all.filter(([, { role }]) => role !== 'viewer'))('%s is audited, or says why it is not', (action) => {
  const rule = auditRuleOf(action);
  expect([rule !== null, notAudited[action] !== undefined].filter(Boolean)).toHaveLength(1);
});

test('what only reads has no rule', () => {
  const viewers = all.filter(([, { role }]) => role === 'viewer').map(([action]) => action);
  expect(viewers.filter((action) => auditRuleOf(action) ?? notAudited[action])).toEqual([]);
});

test('a command of a producer is audited as the action of its name is', () => {
  // The others are sent by recovery-service, for what was asked of it, or for what a policy says.
  const own = new Set(['deferTasks', 'retryTasks', 'discardTasks', 'requeueTasks']);
  const ofProducers = Object.keys(commands).filter((name) => !own.has(name));
  expect(ofProducers.filter((name) => !auditRuleOf(name) && !notAudited[name as ActionName])).toEqual([]);
});

test.each(Object.entries(auditRules) as [ActionName, AuditRule][])(
  'the rule of %s names fields that there are',
  (action, rule) => {
    const { request } = operations[action];
    expect(fieldsOf(request)).toEqual(expect.arrayContaining([...rule.given, ...rule.named]));
    if (!rule.thing) return;
    const { look, key, fields } = auditedThings[rule.thing];
    expect(fieldsOf(operations[look].request)).toContain(key);
    expect(fieldsOf(operations[look].response)).toEqual(expect.arrayContaining([...fields]));
    expect(operations[look].service).toBe(operations[action].service);
  },
);

test('nothing is kept of what may hold a payload, a secret, or words that somebody wrote', () => {
  const kept = Object.values(auditRules).flatMap((rule: AuditRule) => [...rule.given, ...(rule.told ?? [])]);
  const seen = Object.values(auditedThings).flatMap(({ fields }) => [...fields]);
  const free = [
    'tasks',
    'job',
    'parameters',
    'custom_params',
    'recovery_options',
    'labels',
    'note',
    'secret',
    'url',
    'error_details',
  ];
  expect([...kept, ...seen].filter((field) => free.includes(field))).toEqual([]);
});
