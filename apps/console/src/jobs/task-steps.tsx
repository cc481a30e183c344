import { Stack, Title } from '@mantine/core';
import type { StepPage, Task } from '@kintsugi/contracts';
import { usePaged } from '../api/paged.js';
import { get } from '../api/request.js';
import { shownDuration } from '../display/domain/durations.js';
import { JsonValue } from '../display/json-value.js';
import { MoreButton } from '../display/more-button.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';

const perPage = 20;

/** What parts of the handler of a task have returned: its next run goes on behind them. */
export function TaskSteps({ task: { id, job_id: jobId } }: { task: Task }) {
  const say = useTexts();
  const steps = usePaged(['job', jobId, 'steps', id], (cursor, signal) =>
    get<StepPage>(`/v1/jobs/${encodeURIComponent(jobId)}/steps`, { task_id: id, limit: perPage, cursor }, signal),
  );
  return (
    <Stack gap="sm" component="section" aria-label={say('task.steps')}>
      <Title order={3} size="h6">
        {say('task.steps')}
      </Title>
      <Asked query={steps}>
        {({ pages }) =>
          pages
            .flatMap(({ items }) => items)
            .map(({ sequence, name, attempt, duration_ms, result }) => (
              <JsonValue
                key={sequence}
                label={say('task.step', { place: sequence + 1, name, attempt, duration: shownDuration(duration_ms) })}
                value={result}
              />
            ))
        }
      </Asked>
      <MoreButton query={steps} />
    </Stack>
  );
}
