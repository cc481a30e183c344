import { Anchor, Stack, Table, Text } from '@mantine/core';
import type { BatchJob, ErrorGroup, ErrorGroupList, ErrorPage } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { usePaged } from '../api/paged.js';
import { get } from '../api/request.js';
import { DataTable } from '../display/data-table.js';
import { Moment } from '../display/moment.js';
import { MoreButton } from '../display/more-button.js';
import { Panel } from '../display/panel.js';
import { ErrorRecordView } from '../failures/error-record-view.js';
import { causesOf } from '../failures/domain/waiting-recovery.js';
import { WaitingRecoveries } from '../failures/waiting-recoveries.js';
import { useTexts } from '../texts/language.js';

const everyMs = 5_000;
const perPage = 10;

/** The failures of a job by group, and for each task what the platform did about it and why. */
export function JobFailures({ job }: { job: BatchJob }) {
  const say = useTexts();
  const groups = useQuery({
    queryKey: ['job', job.id, 'groups'],
    queryFn: ({ signal }) => get<ErrorGroupList>('/v1/error-groups', { job_id: job.id }, signal),
    refetchInterval: everyMs,
    enabled: job.detailed_status.error_count > 0,
  });
  const items = groups.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <>
      <WaitingRecoveries about={causesOf(job.id, items)} />
      <Panel title={say('job.errors')}>
        <Groups groups={items} />
      </Panel>
      <Panel title={say('job.decisions')}>
        <Decisions jobId={job.id} />
      </Panel>
    </>
  );
}

function Groups({ groups }: { groups: readonly ErrorGroup[] }) {
  const say = useTexts();
  return (
    <DataTable
      empty={null}
      heads={(['type', 'message', 'tasks', 'waiting', 'last'] as const).map((head) => say(`errors.${head}`))}
    >
      {groups.map((group) => (
        <Table.Tr key={group.id}>
          <Table.Td className="mono">{group.error_type}</Table.Td>
          <Table.Td className="wrap">
            <Anchor component={Link} to={`/failures/${group.id}`} size="sm">
              {group.title || group.error_type}
            </Anchor>
          </Table.Td>
          <Table.Td className="number">{group.count.toLocaleString()}</Table.Td>
          <Table.Td className="number">{group.waiting.toLocaleString()}</Table.Td>
          <Table.Td>
            <Moment at={group.last_seen} />
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

function Decisions({ jobId }: { jobId: string }) {
  const say = useTexts();
  const records = usePaged(['job', jobId, 'errors'], (cursor, signal) =>
    get<ErrorPage>('/v1/errors', { job_id: jobId, limit: perPage, cursor }, signal),
  );
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {say('job.decisionsAbout')}
      </Text>
      {records.data?.pages
        .flatMap(({ items }) => items)
        .map((record) => (
          <ErrorRecordView key={record.id} record={record} />
        ))}
      <MoreButton query={records} />
    </Stack>
  );
}
