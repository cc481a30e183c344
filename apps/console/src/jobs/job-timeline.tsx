import { Text } from '@mantine/core';
import type { BatchJob } from '@kintsugi/contracts';
import { shownDuration } from '../display/domain/durations.js';
import { Moment } from '../display/moment.js';
import { useTexts } from '../texts/language.js';
import type { TextKey } from '../texts/fill.js';
import { stepsOf } from './domain/job-steps.js';
import type { HeardEvent } from './use-job-events.js';

/** What has happened to a job, in order, and how long it took from one to the next. */
export function JobTimeline({ job, events }: { job: BatchJob; events: readonly HeardEvent[] }) {
  const say = useTexts();
  return (
    <ol className="timeline">
      {stepsOf(job, events).map(({ name, at, sinceMs }) => (
        <li key={`${name} ${at ?? ''}`} className={at === null ? 'pending' : ''}>
          <Text component="span" fw={600} size="sm">
            {say(`step.${name}` as TextKey)}
          </Text>
          {sinceMs !== null && (
            <Text component="span" size="xs" c="dimmed">
              {' '}
              {say('step.after', { duration: shownDuration(sinceMs) })}
            </Text>
          )}
          {at !== null && (
            <Text size="xs" c="dimmed">
              <Moment at={at} relative={false} />
            </Text>
          )}
        </li>
      ))}
    </ol>
  );
}
