import { describe, expect, test } from '@jest/globals';
import { alertSignalNames, operations, type AlertConditionView } from '@kintsugi/contracts';
import {
  changesOf,
  conditionCommandOf,
  conditionFormOf,
  emptyConditionForm,
  fieldsOf,
  newConditionOf,
  type ConditionForm,
} from './condition-form.js';

const stored: AlertConditionView = {
  ...{
    name: 'late',
    tenant: null,
    user_id: 'ada',
    signal: 'queue_age_s',
    fires: 'above',
    threshold: 120,
    clear_at: 60,
    for_s: 60,
  },
  ...{ clear_for_s: 0, window_s: 300, at_least: 1, objective: 0.995, type: 'mail.send', severity: 'page', summary: 'slow' },
  ...{ runbook_url: 'https://wiki/late', notify: ['on-call'], inhibited_by: ['no-workers'], enabled: true },
  ...{ created_at: '', updated_at: '' },
};
const asWritten = (form: Partial<ConditionForm>): ConditionForm => ({
  ...emptyConditionForm,
  name: 'late',
  threshold: 5,
  ...form,
});
const edited = (change: Partial<ConditionForm>) => {
  const before = conditionFormOf(stored);
  return changesOf(before, { ...before, ...change });
};

describe('a new condition', () => {
  test('says what was written and leaves the rest to the platform', () => {
    expect(newConditionOf(asWritten({}))).toEqual({ name: 'late', signal: 'queue_age_s', threshold: 5 });
    const form = asWritten({ name: ' late ', forSeconds: 60, type: ' mail.send', notify: ['a', 'b'], severity: 'page' });
    const asked = newConditionOf(form);
    const wanted = { name: 'late', signal: 'queue_age_s', threshold: 5, for_s: 60, type: 'mail.send', notify: ['a', 'b'] };
    expect(asked).toEqual({ ...wanted, severity: 'page' });
    expect(operations.createAlertCondition.request.safeParse(asked).success).toBe(true);
    const { name, ...rest } = asked;
    expect(conditionCommandOf('create', name, rest)).toBe(
      './kintsugi alerts create late --signal queue_age_s --threshold 5 --for 60 --type mail.send --severity page --notify a --notify b',
    );
  });

  test.each(alertSignalNames)('%s shows no field that its condition would not look at', (signal) => {
    const { windowed, objective, atLeast } = fieldsOf(signal);
    expect(objective && !atLeast).toBe(false);
    expect(atLeast && !windowed).toBe(false);
  });
});

describe('an edit', () => {
  test('asks for what differs, and for nothing where nothing does', () => {
    expect(edited({})).toEqual({});
    const changes = edited({ threshold: 240, summary: '', enabled: false });
    expect(changes).toEqual({ threshold: 240, summary: '', enabled: false });
    expect(operations.updateAlertCondition.request.safeParse({ name: 'late', ...changes }).success).toBe(true);
    expect(conditionCommandOf('update', 'late', changes)).toBe(
      "./kintsugi alerts update late --threshold 240 --summary '' --enabled no",
    );
  });

  test('takes away what was emptied, for which there is no command', () => {
    const changes = edited({ type: ' ', runbook: '', notify: [] });
    expect(changes).toEqual({ type: null, runbook_url: null, notify: [] });
    expect(operations.updateAlertCondition.request.safeParse({ name: 'late', ...changes }).success).toBe(true);
    expect(conditionCommandOf('update', 'late', changes)).toBeNull();
  });

  test('leaves a number alone that was emptied', () => expect(edited({ forSeconds: '', clearAt: '' })).toEqual({}));
});
