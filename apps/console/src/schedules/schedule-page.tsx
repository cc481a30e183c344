import { Anchor, SimpleGrid, Stack } from '@mantine/core';
import type { ScheduleView } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { get } from '../api/request.js';
import { JsonValue } from '../display/json-value.js';
import { Moment } from '../display/moment.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { EmptyState } from '../display/empty-state.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';
import { ScheduleDeeds } from './schedule-deeds.js';
import { ScheduleState, Ticks } from './ticks.js';

const route = getRouteApi('/schedules/$name');
const everyMs = 10_000;

export function SchedulePage() {
  const { name } = route.useParams();
  const schedule = useQuery({
    queryKey: ['schedules', 'one', name],
    queryFn: ({ signal }) => get<ScheduleView>(`/v1/schedules/${encodeURIComponent(name)}`, {}, signal),
    refetchInterval: everyMs,
  });
  return <Asked query={schedule}>{(value) => <Shown schedule={value} />}</Asked>;
}

function Shown({ schedule }: { schedule: ScheduleView }) {
  const say = useTexts();
  return (
    <>
      <PageHead title={schedule.name} window={schedule.name}>
        <ScheduleDeeds schedule={schedule} />
      </PageHead>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Panel title={say('job.facts')}>
            <Facts schedule={schedule} />
          </Panel>
          <Panel title={say('schedules.nextTimes')}>
            {schedule.next_times && schedule.next_times.length > 0 ? (
              <ol className="timeline">
                {schedule.next_times.map((at) => (
                  <li key={at} className="pending">
                    <Moment at={at} relative={false} />
                  </li>
                ))}
              </ol>
            ) : (
              <EmptyState of="scheduleTimes" values={{ schedule: schedule.name }} />
            )}
          </Panel>
        </SimpleGrid>
        <Panel title={say('schedules.job')}>
          <JsonValue label={say('schedules.job')} value={schedule.job} />
        </Panel>
      </Stack>
    </>
  );
}

function Facts({ schedule }: { schedule: ScheduleView }) {
  const say = useTexts();
  return (
    <dl className="facts">
      <dt>{say('schedules.state')}</dt>
      <dd>
        <ScheduleState schedule={schedule} />
      </dd>
      <dt>{say('schedules.ticks')}</dt>
      <dd>
        <Ticks schedule={schedule} />
      </dd>
      <dt>{say('schedules.overlap')}</dt>
      <dd>{schedule.overlap}</dd>
      <dt>{say('schedules.catchUp')}</dt>
      <dd>{schedule.catch_up}</dd>
      <dt>{say('schedules.counts')}</dt>
      <dd>{say('schedules.countsOf', { runs: schedule.runs, skipped: schedule.skipped, missed: schedule.missed })}</dd>
      <dt>{say('schedules.last')}</dt>
      <dd>
        <Moment at={schedule.last_tick} />{' '}
        {schedule.last_job_id && (
          <Anchor component={Link} to={`/jobs/${schedule.last_job_id}`} className="id">
            {schedule.last_job_id}
          </Anchor>
        )}
      </dd>
      <dt>{say('fact.user')}</dt>
      <dd>{schedule.user_id}</dd>
      <dt>{say('fact.tenant')}</dt>
      <dd>{schedule.tenant}</dd>
    </dl>
  );
}
