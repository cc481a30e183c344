import { Group, SimpleGrid, Stack, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { BulkButtons } from '../bulk/bulk-buttons.js';
import { EmptyState } from '../display/empty-state.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { Asked } from '../display/states-of-asking.js';
import { byUrgency, trendOf } from '../failures/domain/group-trend.js';
import { GroupsTable } from '../failures/groups-table.js';
import { WaitingRecoveries } from '../failures/waiting-recoveries.js';
import { countOrMore } from '../display/domain/shortened.js';
import { openJobsQuery } from '../jobs/domain/open-jobs.js';
import type { HistoryFilters } from '../jobs/domain/job-search.js';
import { JobsTable } from '../jobs/jobs-table.js';
import { SearchBox, useGoToJobs } from '../jobs/search-box.js';
import { useHealth } from '../layout/health-status.js';
import { useTexts } from '../texts/language.js';
import { FiringAlerts } from './firing-alerts.js';
import { useLastFailures, useOpenGroups } from './home-queries.js';
import { LastRecoveries } from './last-recoveries.js';
import { RunningJobs } from './running-jobs.js';
import { Tallies } from './tallies.js';
import { useUnderWay } from './use-under-way.js';
import { useUnserved } from './use-unserved.js';
import { VerdictAlert } from './verdict.js';

const shownGroups = 6;
/** What is typed here is completed by the page Jobs, which knows the types of those that it shows. */
const noTypes: readonly string[] = [];

/** Answers one question first: is anything wrong? */
export function HomePage() {
  const say = useTexts();
  const health = useHealth();
  const goToJobs = useGoToJobs();
  return (
    <>
      <PageHead title={say('home.title')} window={say('nav.home')} />
      <Stack gap="md">
        <SearchBox text="" onSearch={goToJobs} types={noTypes} />
        <Asked query={health}>
          {(value) => (
            <>
              <VerdictAlert health={value} />
              <Tallies health={value} />
            </>
          )}
        </Asked>
        <FiringAlerts />
        <WaitingRecoveries />
        <Troubles />
        <UnderWay />
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Unserved />
          <LastFailures />
        </SimpleGrid>
        <LastRecoveries />
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
          return <GroupsTable groups={urgent.slice(0, shownGroups)} empty="troubles" />;
        }}
      </Asked>
    </Panel>
  );
}

/** Jobs that take long, or that hammer what is down: the oldest stand here, to be held or ended. */
function UnderWay() {
  const say = useTexts();
  const underWay = useUnderWay();
  return (
    <Panel title={say('home.running')} aside={<More q="status:running">{say('home.allRunning')}</More>}>
      <Asked query={underWay}>
        {({ jobs, others, isCapped, isWhole }) => (
          <Stack gap="xs">
            {jobs.length === 0 && !isWhole ? say('home.othersMayRun') : <RunningJobs jobs={jobs} />}
            {others > 0 && <More q={openJobsQuery()}>{say('home.moreRunning', { count: countOrMore(others, isCapped) })}</More>}
          </Stack>
        )}
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
        {({ types, isCapped: mayBeMore }) => {
          if (types.length === 0 && mayBeMore) return say('home.unknown.jobs');
          if (types.length === 0) return <EmptyState of="unserved" />;
          return (
            <Table>
              <Table.Tbody>
                {types.map(({ type, jobs: count, isCapped }) => (
                  <Table.Tr key={type}>
                    <Table.Td>
                      <More q={openJobsQuery(type)}>{type}</More>
                    </Table.Td>
                    <Table.Td>{say('home.waiting', { count: countOrMore(count, isCapped) })}</Table.Td>
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

const allFailed: HistoryFilters = { status: ['failed'] };
const retryAlone = ['retry'] as const;

function LastFailures() {
  const say = useTexts();
  const jobs = useLastFailures();
  return (
    <Panel
      title={say('home.lastFailures')}
      aside={
        <Group gap="sm">
          {(jobs.data?.items ?? []).length > 0 && <BulkButtons filters={allFailed} deeds={retryAlone} />}
          <More q="status:failed">{say('home.allFailed')}</More>
        </Group>
      }
    >
      <Asked query={jobs}>{({ items }) => <JobsTable jobs={items} empty="failedJobs" />}</Asked>
    </Panel>
  );
}
