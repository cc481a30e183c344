import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { ErrorRecord, RetryConfig, RetryTrial } from '@kintsugi/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { act } from '../api/request.js';
import { Confirmed, asking, type Deed } from '../display/confirmed.js';
import { Panel } from '../display/panel.js';
import { Asked } from '../display/states-of-asking.js';
import { policyCommandOf, policyFormOf, triedPolicyOf, type PolicyForm } from '../policies/domain/policy-trial.js';
import { usePolicy } from '../policies/use-policy.js';
import { useIsAdminOfAll } from '../session/session.js';
import { useTexts, type Say } from '../texts/language.js';
import { DelayChart } from './delay-chart.js';

const settledMs = 350;

/** Tries another policy on a recorded error of the group: what would become of it now, and what then. */
export function PolicyLab({ record: newest }: { record: ErrorRecord }) {
  // Newer ones come in meanwhile.
  const [record] = useState(newest);
  const say = useTexts();
  const details = usePolicy(record.error_type);
  return (
    <Panel title={say('lab.title')}>
      <Asked query={details}>{({ holds }) => <Lab record={record} holds={holds} />}</Asked>
    </Panel>
  );
}

function Lab({ record, holds }: { record: ErrorRecord; holds: RetryConfig }) {
  const say = useTexts();
  const [form, write] = useState(() => policyFormOf(holds));
  const [settled] = useDebouncedValue(form, settledMs);
  const now = useTrial(record, null);
  const tried = useTrial(record, triedPolicyOf(holds, record.error_type, settled));
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {say('lab.about', { type: record.error_type, of: holds.error_type === '*' ? say('policies.others') : holds.error_type })}
      </Text>
      <Fields form={form} change={(part) => write({ ...form, ...part })} />
      <Asked query={now}>
        {(before) => (
          <>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <Decision name={say('lab.now')} trial={before} />
              <Asked query={tried}>{(after) => <Decision name={say('lab.tried')} trial={after} />}</Asked>
            </SimpleGrid>
            <DelayChart now={before} tried={tried.data} />
          </>
        )}
      </Asked>
      <Setting holds={holds} errorType={record.error_type} form={form} />
    </Stack>
  );
}

function useTrial(record: ErrorRecord, config: RetryConfig | null) {
  const data = { error_record_id: record.id, ...(config ? { config } : {}) };
  return useQuery({
    queryKey: ['retry-trial', data],
    queryFn: ({ signal }) => act('/error-operations', 'testRetry', data, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

function Decision({ name, trial }: { name: string; trial: RetryTrial }) {
  const say = useTexts();
  return (
    <section aria-label={name}>
      <Text size="sm" fw={600}>
        {name}: {say(`decision.${trial.decision}`)}
      </Text>
      <ul className="steps">
        {trial.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ul>
    </section>
  );
}

function Fields({ form, change }: { form: PolicyForm; change: (part: Partial<PolicyForm>) => void }) {
  const say = useTexts();
  const field = (name: 'max_attempts' | 'initial_delay' | 'max_delay' | 'backoff_factor', min: number) => (
    <NumberInput
      size="xs"
      label={say(`lab.${name}`)}
      value={form[name]}
      min={min}
      allowDecimal={name !== 'max_attempts'}
      hideControls
      onChange={(value) => typeof value === 'number' && change({ [name]: value })}
    />
  );
  return (
    <SimpleGrid cols={{ base: 2, sm: 5 }} spacing="xs">
      {field('max_attempts', 1)}
      {field('initial_delay', 0)}
      {field('max_delay', 0)}
      {field('backoff_factor', 1)}
      <Select
        size="xs"
        label={say('lab.jitter')}
        placeholder={say('lab.asSet')}
        data={['full', 'equal', 'none']}
        value={form.jitter === '' ? null : form.jitter}
        clearable
        clearButtonProps={{ 'aria-label': say('lab.asSet') }}
        onChange={(jitter) => change({ jitter: jitter ?? '' })}
      />
    </SimpleGrid>
  );
}

interface SettingProps {
  holds: RetryConfig;
  errorType: string;
  form: PolicyForm;
}

/** Has what was tried hold; policies are those of all tenants. */
function Setting({ holds, errorType, form }: SettingProps) {
  const say = useTexts();
  const isAdminOfAll = useIsAdminOfAll();
  const [isAsked, ask] = useState(false);
  if (!isAdminOfAll) return null;
  return (
    <Group>
      <Button size="compact-sm" variant="default" onClick={() => ask(true)}>
        {say('lab.set')}
      </Button>
      <Confirmed
        deed={isAsked ? setDeed(errorType, triedPolicyOf(holds, errorType, form), form, say) : null}
        onClose={() => ask(false)}
      />
    </Group>
  );
}

function setDeed(errorType: string, config: RetryConfig, form: PolicyForm, say: Say): Deed {
  return {
    title: say('lab.set'),
    about: say('lab.set.about', { type: errorType }),
    refreshes: [['policies'], ['retry-trial']],
    command: policyCommandOf(errorType, form),
    ...asking('/error-operations', 'configureRetry', { error_type: errorType, config }, ({ version }) =>
      say('lab.set.done', { type: errorType, version }),
    ),
  };
}
