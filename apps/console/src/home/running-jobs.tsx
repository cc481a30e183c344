import { Table } from '@mantine/core';
import type { BatchJob } from '@kintsugi/contracts';
import { DataTable } from '../display/data-table.js';
import { shownDuration } from '../display/domain/durations.js';
import { durationOf } from '../jobs/domain/job-progress.js';
import { JobDeeds } from '../jobs/job-deeds.js';
import { JobLink } from '../jobs/job-link.js';
import { Progress } from '../jobs/progress.js';
import { useTexts } from '../texts/language.js';

/** Jobs that are under way, with what is silently run again, and what ends or holds them. */
export function RunningJobs({ jobs }: { jobs: readonly BatchJob[] }) {
  const say = useTexts();
  const heads = ['type', 'job', 'progress', 'duration', 'again', 'retrying'] as const;
  return (
    <DataTable
      empty={{ of: 'running' }}
      verticalSpacing={6}
      highlightOnHover
      heads={heads.map((head) => say(`jobs.${head}`))}
      hasActions
    >
      {jobs.map((job) => (
        <Table.Tr key={job.id}>
          <Table.Td>{job.type}</Table.Td>
          <Table.Td>
            <JobLink id={job.id} />
          </Table.Td>
          <Table.Td miw={100}>
            <Progress job={job} />
          </Table.Td>
          <Table.Td>{shownDuration(durationOf(job, Date.now()) ?? 0)}</Table.Td>
          <Table.Td className="number">{job.run_stats?.retries.toLocaleString() ?? '–'}</Table.Td>
          <Table.Td className="number">{(job.task_counts['waiting_retry'] ?? 0).toLocaleString()}</Table.Td>
          <Table.Td>
            <JobDeeds job={job} compact />
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
