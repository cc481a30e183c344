import { SimpleGrid, Stack, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { Asked, Empty } from '../display/states-of-asking.js';
import { byUrgency, trendOf } from '../failures/domain/group-trend.js';
import { GroupsTable } from '../failures/groups-table.js';
import { WaitingRecoveries } from '../failures/waiting-recoveries.js';
import { JobsTable } from '../jobs/jobs-table.js';
import { useHealth } from '../layout/health-status.js';
import { useTexts } from '../texts/language.js';
import { useLastFailures, useOpenGroups, useUnserved } from './home-queries.js';
import { Tallies } from './tallies.js';
import { VerdictAlert } from './verdict.js';

const shownGroups = 6;

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
              <VerdictAlert health={value} />
              <Tallies health={value} />
            </>
          )}
        </Asked>
        <WaitingRecoveries />
        <Troubles />
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Unserved />
          <LastFailures />
        </SimpleGrid>
      </Stack>
    </>
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
  const groups = useOpenGroups();
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
  const unserved = useUnserved();
  return (
    <Panel title={say('home.unserved')}>
      <Asked query={unserved}>
        {(types) => {
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
  const jobs = useLastFailures();
  return (
    <Panel title={say('home.lastFailures')} aside={<More q="status:failed">{say('home.allFailed')}</More>}>
      <Asked query={jobs}>
        {({ items }) => (items.length === 0 ? <Empty text={say('home.noFailures')} /> : <JobsTable jobs={items} />)}
      </Asked>
    </Panel>
  );
}
