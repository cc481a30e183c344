import { Accordion, Text } from '@mantine/core';
import type { ErrorRecord } from '@kintsugi/contracts';
import { shownDuration } from '../display/domain/durations.js';
import { Moment } from '../display/moment.js';
import { JobLink } from '../jobs/job-link.js';
import { useTexts } from '../texts/language.js';
import { WaitingRecoveries } from './waiting-recoveries.js';

/** One failure: what was said, what the platform decided about it and why, and what came of that. */
export function ErrorRecordView({ record, showsJob = false }: { record: ErrorRecord; showsJob?: boolean }) {
  const say = useTexts();
  const tone = { pending: 'waiting', in_progress: 'busy', recovered: 'good', failed: 'bad' }[record.recovery_status];
  return (
    <Accordion variant="contained" chevronPosition="left">
      <Accordion.Item value={record.id}>
        <Accordion.Control>
          <span className={`status status-${tone}`}>{say(`recovery.${record.recovery_status}`)}</span>{' '}
          <Text component="span" size="sm" className="wrap">
            {record.error_type}: {record.error_message}
          </Text>
          {record.task_id && (
            <Text component="span" display="block" className="mono wrap">
              {record.task_id}
            </Text>
          )}
        </Accordion.Control>
        <Accordion.Panel>
          {showsJob && record.job_id && <JobLink id={record.job_id} />}
          <WaitingRecoveries about={[record]} />
          <Decided record={record} />
          {record.stack_trace && (
            <pre className="lines" tabIndex={0} aria-label={say('record.stack')}>
              {record.stack_trace}
            </pre>
          )}
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function Decided({ record }: { record: ErrorRecord }) {
  const say = useTexts();
  return (
    <>
      <Text size="sm" fw={600} mt="xs">
        {say('record.why')}
      </Text>
      <ul>
        {record.decision.map((step) => (
          <li key={step}>
            <Text size="sm" className="wrap">
              {step}
            </Text>
          </li>
        ))}
      </ul>
      <Text size="sm" fw={600}>
        {say('record.done')}
      </Text>
      <ol className="timeline">
        {record.failed_runs.map(({ attempt, failed_at, error_type, retry_delay_ms, host, version, dependency }) => (
          <li key={`run ${attempt} ${failed_at}`}>
            <Text size="sm" className="wrap">
              {say('record.run', { attempt, type: error_type })}{' '}
              {retry_delay_ms !== null && say('record.retryIn', { duration: shownDuration(retry_delay_ms) })}
            </Text>
            <Text size="xs" c="dimmed">
              <Moment at={failed_at} relative={false} /> {[host, version, dependency].filter(Boolean).join(' · ')}
            </Text>
          </li>
        ))}
        {record.recovery_attempts.map(({ timestamp, method, result, ...asked }, index) => (
          <li key={`attempt ${index}`}>
            <Text size="sm" className="wrap">
              {method}: {result}
            </Text>
            <Text size="xs" c="dimmed">
              <Moment at={timestamp} relative={false} />{' '}
              {[asked.requested_by, asked.from_step, asked.custom_params && JSON.stringify(asked.custom_params)]
                .filter(Boolean)
                .join(' · ')}
            </Text>
          </li>
        ))}
        {record.next_retry_at && (
          <li className="pending">
            <Text size="sm">
              {say('record.next')} <Moment at={record.next_retry_at} />
            </Text>
          </li>
        )}
      </ol>
    </>
  );
}
