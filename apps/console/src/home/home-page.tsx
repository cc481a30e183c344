import { Alert, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import type { GroupPage, JobPage, PlatformHealth } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { get } from '../api/request.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { Asked, Empty } from '../display/states-of-asking.js';
import { byUrgency, trendOf } from '../failures/domain/group-trend.js';
import { GroupsTable } from '../failures/groups-table.js';
import { unservedTypes } from '../jobs/domain/job-progress.js';
import { JobsTable } from '../jobs/jobs-table.js';
import { useHealth } from '../layout/health-status.js';
import { useTexts } from '../texts/language.js';
import { Tallies } from './tallies.js';

const everyMs = 5_000;
const shownGroups = 6;
const shownFailures = 6;

/** Answers one question first: is anything wrong? */
export function HomePage() {
  const say = useTexts();
  const health = useHealth();
  return (
    <>
      <PageHead title={say('home.title')} window={say('nav.home')} />
      <Stack gap="md">
        <Asked query={health}>
          {(value) => (
            <>
              <Verdict health={value} />
              <Tallies health={value} />
            </>
          )}
        </Asked>
        <Troubles />
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Unserved />
          <LastFailures />
        </SimpleGrid>
      </Stack>
    </>
  );
}

const colours = { ok: 'teal', degraded: 'yellow', failing: 'red' } as const;

function Verdict({ health }: { health: PlatformHealth }) {
  const say = useTexts();
  return (
    <Alert color={colours[health.overall]} title={say(`home.${health.overall}`)} role="status">
      {health.reasons.length === 0 ? (
        <Text size="sm">{say('home.allWell')}</Text>
      ) : (
        <Stack gap={6}>
          {health.reasons.map(({ reason, advice }) => (
            <div key={reason}>
              <Text size="sm" fw={600} className="wrap">
                {reason}
              </Text>
              <Text size="sm" className="wrap">
                {advice}
              </Text>
            </div>
          ))}
        </Stack>
      )}
    </Alert>
  );
}

/** Leads to a search for jobs, or to all failures. */
function More({ q, children }: { q?: string; children: ReactNode }) {
  return q === undefined ? (
    <Link to="/failures" className="link">
      {children}
    </Link>
  ) : (
    <Link to="/jobs" search={{ q }} className="link">
      {children}
    </Link>
  );
}

/** Groups of failures that are open, those first that came back or grow. */
function Troubles() {
  const say = useTexts();
  const groups = useQuery({
    queryKey: ['groups', 'open', 'home'],
    queryFn: ({ signal }) => get<GroupPage>('/v1/groups', { state: 'open', limit: 100 }, signal),
    refetchInterval: everyMs,
  });
  return (
    <Panel title={say('home.troubles')} aside={<More>{say('home.allFailures')}</More>}>
      <Asked query={groups}>
        {({ items }) => {
          const urgent = byUrgency(items, Date.now()).filter((group) => trendOf(group, Date.now()) !== 'quiet');
          if (urgent.length === 0) return <Empty text={say('home.noTroubles')} />;
          return <GroupsTable groups={urgent.slice(0, shownGroups)} />;
        }}
      </Asked>
    </Panel>
  );
}

/** Types of jobs that nobody runs. */
function Unserved() {
  const say = useTexts();
  const jobs = useQuery({
    queryKey: ['jobs', 'unserved'],
    queryFn: ({ signal }) => get<JobPage>('/v1/jobs', { status: 'pending,running', limit: 200 }, signal),
    refetchInterval: everyMs,
  });
  return (
    <Panel title={say('home.unserved')}>
      <Asked query={jobs}>
        {({ items }) => {
          const types = unservedTypes(items);
          if (types.length === 0) return <Empty text={say('home.allServed')} />;
          return (
            <Table>
              <Table.Tbody>
                {types.map(({ type, jobs: count }) => (
                  <Table.Tr key={type}>
                    <Table.Td>
                      <More q={`type:${type} status:pending,running`}>{type}</More>
                    </Table.Td>
                    <Table.Td>{say('home.waiting', { count: count.toLocaleString() })}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          );
        }}
      </Asked>
    </Panel>
  );
}

function LastFailures() {
  const say = useTexts();
  const jobs = useQuery({
    queryKey: ['jobs', 'failed', 'home'],
    queryFn: ({ signal }) => get<JobPage>('/v1/jobs', { status: 'failed', limit: shownFailures }, signal),
    refetchInterval: everyMs,
  });
  return (
    <Panel title={say('home.lastFailures')} aside={<More q="status:failed">{say('home.allFailed')}</More>}>
      <Asked query={jobs}>
        {({ items }) => (items.length === 0 ? <Empty text={say('home.noFailures')} /> : <JobsTable jobs={items} />)}
      </Asked>
    </Panel>
  );
}
