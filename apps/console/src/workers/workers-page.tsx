import { Anchor, SimpleGrid, Stack, Table } from '@mantine/core';
import type { Fleet } from '@kintsugi/contracts';
import { Link } from '@tanstack/react-router';
import { DataTable } from '../display/data-table.js';
import { shownDuration } from '../display/domain/durations.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { EmptyState } from '../display/empty-state.js';
import { Asked } from '../display/states-of-asking.js';
import { Tally } from '../display/tally.js';
import { useUnserved } from '../home/use-unserved.js';
import { openJobsQuery } from '../jobs/domain/open-jobs.js';
import { useTexts } from '../texts/language.js';
import { useFleet } from './use-fleet.js';

/** Who runs the tasks, what waits for them, and how fast it goes. */
export function WorkersPage() {
  const say = useTexts();
  const fleet = useFleet();
  return (
    <>
      <PageHead title={say('nav.workers')} window={say('nav.workers')} />
      <Asked query={fleet}>
        {(value) => (
          <Stack gap="md">
            <Figures fleet={value} />
            {value.workers.up === 0 && <EmptyState of="workers" />}
            <Panel title={say('workers.queues')}>
              <Queues fleet={value} />
            </Panel>
            <Rising fleet={value} />
          </Stack>
        )}
      </Asked>
    </>
  );
}

function Figures({ fleet: { workers, rates, retries_in_flight } }: { fleet: Fleet }) {
  const say = useTexts();
  const rate = (value: number): string => `${value.toLocaleString(undefined, { maximumSignificantDigits: 3 })} /s`;
  const figures: [string, string][] = [
    [say('workers.up'), workers.up.toLocaleString()],
    [say('workers.slots'), `${workers.used_slots.toLocaleString()} / ${workers.slots.toLocaleString()}`],
    [say('workers.draining'), workers.draining.toLocaleString()],
    [say('workers.retries'), retries_in_flight.toLocaleString()],
    [say('workers.tasksEnded'), rate(rates.tasks_ended_per_s)],
    [say('workers.runsFailed'), rate(rates.runs_failed_per_s)],
    [say('workers.jobsAccepted'), rate(rates.jobs_accepted_per_s)],
    [say('workers.jobsEnded'), rate(rates.jobs_ended_per_s)],
  ];
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
      {figures.map(([name, value]) => (
        <div key={name} className="tally">
          <Tally name={name} value={value} />
        </div>
      ))}
    </SimpleGrid>
  );
}

function Queues({ fleet: { queues } }: { fleet: Fleet }) {
  const say = useTexts();
  const unserved = new Set((useUnserved().data?.types ?? []).map(({ type }) => type));
  const heads = ['type', 'ready', 'oldest', 'active', 'retrying', 'ended', 'failed'] as const;
  return (
    <DataTable empty={{ of: 'queues' }} verticalSpacing={6} highlightOnHover heads={heads.map((head) => say(`queues.${head}`))}>
      {queues.map((queue) => (
        <Table.Tr key={queue.type}>
          <Table.Td>
            <Link to="/jobs" search={{ q: openJobsQuery(queue.type) }} className="link">
              {queue.type}
            </Link>{' '}
            {unserved.has(queue.type) && <span className="status status-bad">{say('queues.unserved')}</span>}
          </Table.Td>
          <Table.Td className="number">{queue.ready.toLocaleString()}</Table.Td>
          <Table.Td className="number">{queue.ready > 0 ? shownDuration(queue.oldest_ready_s * 1_000) : '–'}</Table.Td>
          <Table.Td className="number">{queue.active.toLocaleString()}</Table.Td>
          <Table.Td className="number">{queue.waiting_retry.toLocaleString()}</Table.Td>
          <Table.Td className="number">{queue.ended_per_s.toLocaleString()}</Table.Td>
          <Table.Td className="number">{queue.failed_per_s.toLocaleString()}</Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

/** Causes of failures that grow faster than chance would have it. */
function Rising({ fleet: { groups_rising: groups } }: { fleet: Fleet }) {
  const say = useTexts();
  if (!groups || groups.length === 0) return null;
  return (
    <Panel title={say('workers.rising')}>
      <DataTable
        empty={null}
        verticalSpacing={6}
        heads={(['message', 'lastHour', 'usualHour'] as const).map((head) => say(`groups.${head}`))}
      >
        {groups.map(({ group_id, title, error_type, last_hour, usual_hour }) => (
          <Table.Tr key={group_id}>
            <Table.Td className="wrap">
              <Anchor component={Link} to={`/failures/${group_id}`} size="sm">
                {title || error_type}
              </Anchor>
            </Table.Td>
            <Table.Td className="number">{last_hour.toLocaleString()}</Table.Td>
            <Table.Td className="number">{usual_hour.toLocaleString(undefined, { maximumSignificantDigits: 3 })}</Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
    </Panel>
  );
}
