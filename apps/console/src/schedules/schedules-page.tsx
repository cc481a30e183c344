import { Anchor, Button, Stack, Table } from '@mantine/core';
import type { SchedulePage as Schedules, ScheduleView } from '@kintsugi/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { get } from '../api/request.js';
import { DataTable } from '../display/data-table.js';
import { Moment } from '../display/moment.js';
import { PageHead } from '../display/page-head.js';
import { Asked, Empty } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';
import { ScheduleDeeds } from './schedule-deeds.js';
import { ScheduleState, Ticks } from './ticks.js';

const everyMs = 10_000;

/** What makes jobs by the clock. */
export function SchedulesPage() {
  const say = useTexts();
  const schedules = useInfiniteQuery({
    queryKey: ['schedules'],
    queryFn: ({ pageParam, signal }) => get<Schedules>('/v1/schedules', { limit: 100, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    refetchInterval: everyMs,
  });
  return (
    <>
      <PageHead title={say('nav.schedules')} window={say('nav.schedules')} />
      <Asked query={schedules}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) {
            return (
              <Empty
                text={say('schedules.none')}
                command="./kintsugi schedules create nightly --cron '30 2 * * *' --job nightly.json"
              />
            );
          }
          return <ScheduleTable schedules={items} />;
        }}
      </Asked>
      {schedules.hasNextPage && (
        <Button variant="default" size="compact-sm" onClick={() => void schedules.fetchNextPage()}>
          {say('page.more')}
        </Button>
      )}
    </>
  );
}

function ScheduleTable({ schedules }: { schedules: readonly ScheduleView[] }) {
  const say = useTexts();
  return (
    <DataTable
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
