import type { AlertConditionView } from '@kintsugi/contracts';
import { useState } from 'react';
import { Confirmed, asking, type Deed } from '../display/confirmed.js';
import { useTexts, type Say } from '../texts/language.js';
import { ConditionFields } from './condition-fields.js';
import {
  changesOf,
  conditionCommandOf,
  conditionFormOf,
  emptyConditionForm,
  newConditionOf,
  type ConditionForm,
} from './domain/condition-form.js';

/** Makes a condition, or changes the one that is given. */
export function ConditionDialog({ condition, onClose }: { condition: AlertConditionView | null; onClose: () => void }) {
  const say = useTexts();
  const [before] = useState(() => (condition ? conditionFormOf(condition) : emptyConditionForm));
  const [form, write] = useState(before);
  const deed = condition ? editDeed(before, form, say) : createDeed(form, say);
  return (
    <Confirmed deed={deed} onClose={onClose}>
      <ConditionFields form={form} isNew={condition === null} change={(part) => write({ ...form, ...part })} />
    </Confirmed>
  );
}

function createDeed(form: ConditionForm, say: Say): Deed {
  const data = newConditionOf(form);
  const { name, ...asked } = data;
  const command = conditionCommandOf('create', name, asked);
  return {
    title: say('condition.create'),
    about: say('condition.create.about'),
    refreshes: [['alerts']],
    ...(command === null ? {} : { command }),
    ...asking('/job-operations', 'createAlertCondition', data, () => say('condition.create.done', { name })),
  };
}

function editDeed(before: ConditionForm, form: ConditionForm, say: Say): Deed {
  const { name } = before;
  const changes = changesOf(before, form);
  const command = conditionCommandOf('update', name, changes);
  return {
    title: say('condition.edit'),
    about: say('condition.edit.about', { name }),
    refreshes: [['alerts']],
    ...(command === null ? {} : { command }),
    ...asking('/job-operations', 'updateAlertCondition', { name, ...changes }, () => say('condition.edit.done', { name })),
  };
}
