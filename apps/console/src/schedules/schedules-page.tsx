import { Anchor, Stack, Table } from '@mantine/core';
import type { SchedulePage as Schedules, ScheduleView } from '@kintsugi/contracts';
import { Link } from '@tanstack/react-router';
import { usePaged } from '../api/paged.js';
import { get } from '../api/request.js';
import { DataTable } from '../display/data-table.js';
import { Moment } from '../display/moment.js';
import { MoreButton } from '../display/more-button.js';
import { PageHead } from '../display/page-head.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';
import { ScheduleDeeds } from './schedule-deeds.js';
import { ScheduleState, Ticks } from './ticks.js';

const everyMs = 10_000;

/** What makes jobs by the clock. */
export function SchedulesPage() {
  const say = useTexts();
  const schedules = usePaged(
    ['schedules'],
    (cursor, signal) => get<Schedules>('/v1/schedules', { limit: 100, cursor }, signal),
    everyMs,
  );
  return (
    <>
      <PageHead title={say('nav.schedules')} window={say('nav.schedules')} />
      <Asked query={schedules}>{({ pages }) => <ScheduleTable schedules={pages.flatMap((page) => page.items)} />}</Asked>
      <MoreButton query={schedules} />
    </>
  );
}

function ScheduleTable({ schedules }: { schedules: readonly ScheduleView[] }) {
  const say = useTexts();
  return (
    <DataTable
      empty={{ of: 'schedules' }}
      highlightOnHover
      heads={(['name', 'ticks', 'state', 'next', 'last', 'type', 'runs'] as const).map((head) => say(`schedules.${head}`))}
      hasActions
    >
      {schedules.map((schedule) => (
        <Row key={`${schedule.tenant} ${schedule.name}`} schedule={schedule} />
      ))}
    </DataTable>
  );
}

function Row({ schedule }: { schedule: ScheduleView }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/schedules/${schedule.name}`}>
          {schedule.name}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Ticks schedule={schedule} />
      </Table.Td>
      <Table.Td>
        <ScheduleState schedule={schedule} />
      </Table.Td>
      <Table.Td>
        <Moment at={schedule.next_at} />
      </Table.Td>
      <Table.Td>
        {schedule.last_job_id ? (
          <Anchor component={Link} to={`/jobs/${schedule.last_job_id}`} size="sm">
            <Moment at={schedule.last_tick} />
          </Anchor>
        ) : (
          <Moment at={schedule.last_tick} />
        )}
      </Table.Td>
      <Table.Td>{schedule.job.type ?? '–'}</Table.Td>
      <Table.Td className="number">{schedule.runs.toLocaleString()}</Table.Td>
      <Table.Td>
        <Stack gap={0}>
          <ScheduleDeeds schedule={schedule} compact />
        </Stack>
      </Table.Td>
    </Table.Tr>
  );
}
