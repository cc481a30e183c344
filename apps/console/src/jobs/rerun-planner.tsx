import { Alert, Button, Checkbox, Group, JsonInput, Modal, MultiSelect, Stack, TagsInput, Text, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { BatchJob } from '@kintsugi/contracts';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { describeFault } from '../api/problem.js';
import { act } from '../api/request.js';
import { Copyable } from '../display/copyable.js';
import { httpOf } from '../display/domain/http-of.js';
import { notify } from '../display/notices.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';
import type { TextKey } from '../texts/fill.js';
import { canRun, emptyRerunForm, rerunCommandOf, rerunInputOf, type RerunForm } from './domain/rerun-form.js';
import { RerunPreview } from './rerun-preview.js';

const settledMs = 350;

interface RerunPlannerProps {
  job: BatchJob;
  onClose: () => void;
  /** Told the id of the new job. */
  onRun: (jobId: string) => void;
}

/** Runs a part of a job again: what that comes to is shown before anything is made. */
export function RerunPlanner({ job, onClose, onRun }: RerunPlannerProps) {
  const say = useTexts();
  return (
    <Modal opened onClose={onClose} title={say('rerun.title')} size="xl">
      <Planner job={job} onClose={onClose} onRun={onRun} />
    </Modal>
  );
}

function Planner({ job, onClose, onRun }: RerunPlannerProps) {
  const say = useTexts();
  const [form, choose] = useState(emptyRerunForm);
  const change = (part: Partial<RerunForm>): void => choose({ ...form, ...part });
  const [settled] = useDebouncedValue(form, settledMs);
  const input = rerunInputOf(job.id, settled);
  const plan = useQuery({
    queryKey: ['rerun', job.id, input],
    queryFn: ({ signal }) => act('/job-operations', 'rerunPartial', { ...(input ?? { job_id: job.id }), dry_run: true }, signal),
    enabled: input !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  });
  const running = useMutation({
    mutationFn: async () => act('/job-operations', 'rerunPartial', { ...(input ?? { job_id: job.id }), dry_run: false }),
    onSuccess: ({ run }) => {
      onClose();
      if (!run) return;
      notify(say('rerun.done', { count: run.retry_count }));
      onRun(run.job_id);
    },
  });
  const isCurrent = settled === form && input !== null && plan.isSuccess && !plan.isFetching;
  return (
    <Stack gap="sm">
      <Text size="sm">{say('rerun.about')}</Text>
      <Fields job={job} form={form} change={change} isJson={rerunInputOf(job.id, form) !== null} />
      <Asked query={plan}>{(value) => <RerunPreview plan={value} />}</Asked>
      {input && <Copyable label="CLI" text={rerunCommandOf(input)} />}
      {input && (
        <Copyable label="HTTP" text={httpOf({ endpoint: '/job-operations', body: { action: 'rerunPartial', data: input } })} />
      )}
      {running.error && (
        <Alert color="red" role="alert">
          {describeFault(running.error)}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {say('confirm.no')}
        </Button>
        <Button onClick={() => running.mutate()} loading={running.isPending} disabled={!isCurrent || !canRun(plan.data)}>
          {say('rerun.run', { count: (plan.data?.rerun.total ?? 0).toLocaleString() })}
        </Button>
      </Group>
    </Stack>
  );
}

interface FieldsProps {
  job: BatchJob;
  form: RerunForm;
  change: (part: Partial<RerunForm>) => void;
  isJson: boolean;
}

function Fields({ job, form, change, isJson }: FieldsProps) {
  const say = useTexts();
  const states = Object.entries(job.task_counts)
    .filter(([, count]) => count > 0)
    .map(([value, count]) => ({ value, label: `${say(`state.${value}` as TextKey)} · ${count.toLocaleString()}` }));
  return (
    <>
      <Group grow align="start">
        <MultiSelect
          label={say('rerun.states')}
          placeholder={form.states.length === 0 ? say('rerun.anyState') : ''}
          data={states}
          value={form.states}
          onChange={(chosen) => change({ states: chosen })}
          data-autofocus
        />
        <TagsInput
          label={say('rerun.errorTypes')}
          placeholder={form.errorTypes.length === 0 ? 'smtp.*' : ''}
          value={form.errorTypes}
          onChange={(errorTypes) => change({ errorTypes })}
        />
      </Group>
      <Group grow align="start">
        <Textarea
          label={say('rerun.tasks')}
          value={form.tasks}
          autosize
          minRows={2}
          maxRows={6}
          onChange={(event) => change({ tasks: event.currentTarget.value })}
        />
        <JsonInput
          label={say('rerun.parameters')}
          placeholder='{"region": "eu"}'
          value={form.parameters}
          autosize
          minRows={2}
          maxRows={6}
          error={isJson ? undefined : say('rerun.noJson')}
          onChange={(parameters) => change({ parameters })}
        />
      </Group>
      <Choices form={form} change={change} />
    </>
  );
}

/** How far it goes, what it keeps, and by which definition it is made. */
function Choices({ form, change }: Pick<FieldsProps, 'form' | 'change'>) {
  const say = useTexts();
  return (
    <Group gap="lg">
      <Checkbox
        label={say('rerun.downstream')}
        checked={form.downstream}
        onChange={(event) => change({ downstream: event.currentTarget.checked })}
      />
      <Checkbox
        label={say('rerun.upstream')}
        checked={form.upstream}
        onChange={(event) => change({ upstream: event.currentTarget.checked })}
      />
      <Checkbox
        label={say('rerun.alsoSucceeded')}
        checked={form.alsoSucceeded}
        onChange={(event) => change({ alsoSucceeded: event.currentTarget.checked })}
      />
      <Checkbox
        label={say('rerun.unchanged')}
        checked={form.unchanged}
        onChange={(event) => change({ unchanged: event.currentTarget.checked })}
      />
      <Checkbox
        label={say('rerun.latest')}
        checked={form.latest}
        onChange={(event) => change({ latest: event.currentTarget.checked })}
      />
    </Group>
  );
}
