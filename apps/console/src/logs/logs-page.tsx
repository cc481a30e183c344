import { Anchor, Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import type { JobPage } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { get } from '../api/request.js';
import { DataTable } from '../display/data-table.js';
import { shortId } from '../display/domain/shortened.js';
import { Moment } from '../display/moment.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { Asked } from '../display/states-of-asking.js';
import { Status } from '../display/status.js';
import { useTexts } from '../texts/language.js';

const everyMs = 10_000;
const shownJobs = 30;
const jobId = /^job_[0-9a-f-]{36}(?:\.\d+)?$/;

/** Leads to the log of a job: by its id, or from those of late. */
export function LogsPage() {
  const say = useTexts();
  return (
    <>
      <PageHead title={say('nav.logs')} window={say('nav.logs')} />
      <Stack gap="md">
        <Open />
        <Panel title={say('logs.recent')}>
          <Recent />
        </Panel>
      </Stack>
    </>
  );
}

function Open() {
  const say = useTexts();
  const navigate = useNavigate();
  const [typed, type] = useState('');
  const wanted = typed.trim();
  const isWrong = wanted !== '' && !jobId.test(wanted);
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (jobId.test(wanted)) void navigate({ to: '/logs/$jobId', params: { jobId: wanted } });
      }}
    >
      <Group gap="xs" align="start">
        <TextInput
          type="search"
          className="grow"
          aria-label={say('logs.jobId')}
          placeholder="job_01890a5d-ac96-774b-bcce-b302099a8057"
          value={typed}
          error={isWrong ? say('logs.noId') : undefined}
          onChange={(event) => type(event.currentTarget.value)}
        />
        <Button type="submit" variant="default">
          {say('logs.open')}
        </Button>
      </Group>
    </form>
  );
}

function Recent() {
  const say = useTexts();
  const jobs = useQuery({
    queryKey: ['jobs', 'logs'],
    queryFn: ({ signal }) => get<JobPage>('/v1/jobs', { limit: shownJobs }, signal),
    refetchInterval: everyMs,
  });
  return (
    <Asked query={jobs}>
      {({ items }) => (
        <DataTable
          empty={{ of: 'logs' }}
          heads={(['job', 'type', 'status', 'created'] as const).map((head) => say(`jobs.${head}`))}
        >
          {items.map(({ id, type, status, created_at }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <Anchor component={Link} to={`/logs/${id}`} className="id" title={id}>
                  {shortId(id)}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <Text size="sm">{type}</Text>
              </Table.Td>
              <Table.Td>
                <Status state={status} />
              </Table.Td>
              <Table.Td>
                <Moment at={created_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </DataTable>
      )}
    </Asked>
  );
}
