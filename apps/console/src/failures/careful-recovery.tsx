import { Checkbox, NumberInput, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { GroupDetails, GroupRecoveryPlan } from '@kintsugi/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { act } from '../api/request.js';
import { Confirmed, asking, type Deed } from '../display/confirmed.js';
import { shownDuration } from '../display/domain/durations.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts, type Say } from '../texts/language.js';
import { countOf, mayHave } from './domain/group-records.js';
import { carefulCommandOf, carefulForm, carefulRequestOf, type CarefulForm } from './domain/recovery-progress.js';

const settledMs = 350;
const approvers = ['operator', 'admin'] as const;

/** Runs a group again, a few of its tasks first; what that comes to is shown before. */
export function CarefulRecovery({ group, onClose }: { group: GroupDetails; onClose: () => void }) {
  const say = useTexts();
  const [form, choose] = useState(carefulForm);
  const [settled] = useDebouncedValue(form, settledMs);
  const plan = useQuery({
    queryKey: ['group-recovery-plan', group.id, settled],
    queryFn: ({ signal }) =>
      act('/error-operations', 'recoverGroup', { ...carefulRequestOf(group.id, settled), dry_run: true }, signal),
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  });
  return (
    <Confirmed deed={deedOf(group.id, form, say)} onClose={onClose}>
      <Fields group={group} form={form} change={(part) => choose({ ...form, ...part })} />
      <Asked query={plan}>{(answer) => <Plan plan={answer.plan} />}</Asked>
    </Confirmed>
  );
}

function deedOf(groupId: string, form: CarefulForm, say: Say): Deed {
  return {
    title: say('deed.careful'),
    about: say('deed.careful.about'),
    refreshes: [['groups']],
    command: carefulCommandOf(groupId, form),
    ...asking('/error-operations', 'recoverGroup', carefulRequestOf(groupId, form), () =>
      say(form.approvalBy ? 'deed.careful.waits' : 'deed.careful.done'),
    ),
  };
}

interface FieldsProps {
  group: GroupDetails;
  form: CarefulForm;
  change: (part: Partial<CarefulForm>) => void;
}

function Fields({ group, form, change }: FieldsProps) {
  const say = useTexts();
  const field = (name: 'canarySize' | 'minSuccessPercent' | 'ratePerSecond', min: number, max: number, decimals: boolean) => (
    <NumberInput
      label={say(`careful.${name}`)}
      value={form[name]}
      {...{ min, max }}
      allowDecimal={decimals}
      required
      hideControls
      onChange={(value) => typeof value === 'number' && change({ [name]: value })}
    />
  );
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="xs">
        {field('canarySize', 0, 1_000, false)}
        {field('minSuccessPercent', 0, 100, false)}
        {field('ratePerSecond', 0.01, 1_000, true)}
      </SimpleGrid>
      <Select
        label={say('careful.approvalBy')}
        description={say('careful.approvalByHint')}
        placeholder={say('careful.approvalByNobody')}
        data={[...approvers]}
        value={form.approvalBy}
        clearable
        clearButtonProps={{ 'aria-label': say('audit.clear', { field: say('careful.approvalBy') }) }}
        onChange={(role) => change({ approvalBy: approvers.find((one) => one === role) ?? null })}
      />
      {mayHave(group, 'outcome_unknown') && (
        <Checkbox
          label={say('deed.recover.force', { count: countOf(group, 'outcome_unknown') })}
          checked={form.force}
          onChange={(event) => change({ force: event.currentTarget.checked })}
        />
      )}
    </>
  );
}

function Plan({ plan }: { plan: GroupRecoveryPlan }) {
  const say = useTexts();
  return (
    <Stack gap={4}>
      <Text size="sm">
        {say('careful.plan', {
          count: plan.records.toLocaleString(),
          duration: shownDuration(plan.estimated_seconds * 1_000),
        })}
      </Text>
      {plan.refused_count > 0 && (
        <Text size="sm" className="status-bad">
          {say('careful.refused', { count: plan.refused_count.toLocaleString() })}
        </Text>
      )}
      {[...new Set(plan.refused.map(({ reason }) => reason)), ...plan.warnings].map((text) => (
        <Text key={text} size="sm" c="dimmed" className="wrap">
          {text}
        </Text>
      ))}
    </Stack>
  );
}
