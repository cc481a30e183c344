import { Anchor, Stack, Table } from '@mantine/core';
import type { BatchJob } from '@kintsugi/contracts';
import { Link } from '@tanstack/react-router';
import { DataTable } from '../display/data-table.js';
import type { EmptyPlace } from '../display/domain/filling-commands.js';
import { shownDuration } from '../display/domain/durations.js';
import { Moment } from '../display/moment.js';
import { Status } from '../display/status.js';
import { useTexts } from '../texts/language.js';
import { durationOf } from './domain/job-progress.js';
import { JobDeeds } from './job-deeds.js';
import { JobLink } from './job-link.js';
import { Progress } from './progress.js';
import { WaitMark } from './wait-mark.js';

interface JobsTableProps {
  jobs: readonly BatchJob[];
  fresh?: ReadonlySet<string>;
  empty: EmptyPlace;
}

/** Jobs, a row each. */
export function JobsTable({ jobs, fresh, empty }: JobsTableProps) {
  const say = useTexts();
  const heads = ['status', 'type', 'job', 'progress', 'tasks', 'retries', 'created', 'duration'] as const;
  return (
    <DataTable
      empty={{ of: empty }}
      className="jobs-table"
      verticalSpacing={6}
      highlightOnHover
      heads={heads.map((head) => say(`jobs.${head}`))}
      hasActions
    >
      {jobs.map((job) => (
        <Row key={job.id} job={job} isFresh={fresh?.has(job.id) ?? false} />
      ))}
    </DataTable>
  );
}

function Row({ job, isFresh }: { job: BatchJob; isFresh: boolean }) {
  const lasted = durationOf(job, Date.now());
  return (
    <Table.Tr className={isFresh ? 'fresh' : ''}>
      <Table.Td>
        <Stack gap={2} align="flex-start">
          <Status state={job.status} />
          <WaitMark job={job} />
        </Stack>
      </Table.Td>
      <Table.Td>{job.type}</Table.Td>
      <Table.Td>
        <JobLink id={job.id} />
      </Table.Td>
      <Table.Td miw={100}>
        <Progress job={job} />
      </Table.Td>
      <Table.Td className="number">{job.total_tasks?.toLocaleString() ?? '–'}</Table.Td>
      <Table.Td>
        <Lineage job={job} />
      </Table.Td>
      <Table.Td>
        <Moment at={job.created_at} />
      </Table.Td>
      <Table.Td>{lasted === null ? '–' : shownDuration(lasted)}</Table.Td>
      <Table.Td>
        <JobDeeds job={job} compact />
      </Table.Td>
    </Table.Tr>
  );
}

/** Which retry a job is and of which, what became of it, and what of it waits to be tried again. */
function Lineage({ job }: { job: BatchJob }) {
  const say = useTexts();
  const later = job.retried_as?.at(-1);
  const retrying = job.task_counts['waiting_retry'] ?? 0;
  return (
    <>
      {job.original_job_id && (
        <Anchor component={Link} to={`/jobs/${job.original_job_id}`} size="sm" title={job.original_job_id}>
          {say('jobs.retryOf', { count: job.retry_count ?? 1 })}
        </Anchor>
      )}
      {job.original_job_id && later && ' · '}
      {later && (
        <Anchor component={Link} to={`/jobs/${later}`} size="sm" title={later}>
          {say('jobs.retriedAs', { count: job.retried_as?.length ?? 1 })}
        </Anchor>
      )}
      {retrying > 0 && (
        <div className="status status-waiting">{say('jobs.tasksRetrying', { count: retrying.toLocaleString() })}</div>
      )}
    </>
  );
}
