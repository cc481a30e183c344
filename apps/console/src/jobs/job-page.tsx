import { Group, SimpleGrid, Stack, Text } from '@mantine/core';
import type { BatchJob } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Suspense, lazy } from 'react';
import { get } from '../api/request.js';
import { Copyable } from '../display/copyable.js';
import { shortId } from '../display/domain/shortened.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { Asked } from '../display/states-of-asking.js';
import { Status } from '../display/status.js';
import { useTexts } from '../texts/language.js';
import { hasEnded } from './domain/job-progress.js';
import { JobDeeds } from './job-deeds.js';
import { JobFacts } from './job-facts.js';
import { JobFailures } from './job-failures.js';
import { JobLogs } from './job-logs.js';
import { JobTimeline } from './job-timeline.js';
import { PriorityDeed } from './priority-deed.js';
import { Progress } from './progress.js';
import { TaskGraphPanel } from './task-graph.js';
import { TaskList } from './task-list.js';
import { useJobEvents } from './use-job-events.js';
import { WaitMark } from './wait-mark.js';
import { WhyWaiting } from './why-waiting.js';

const route = getRouteApi('/jobs/$jobId');
const whileUnderWayMs = 2_000;
const afterwardsMs = 15_000;

/** Drawing takes a library of its own, which only jobs that have run need. */
const UsageCharts = lazy(() => import('./usage-charts.js').then((module) => ({ default: module.UsageCharts })));

export function JobPage() {
  const { jobId } = route.useParams();
  const job = useQuery({
    queryKey: ['job', jobId],
    queryFn: ({ signal }) => get<BatchJob>(`/v1/jobs/${encodeURIComponent(jobId)}`, {}, signal),
    refetchInterval: ({ state }) => (state.data && hasEnded(state.data.status) ? afterwardsMs : whileUnderWayMs),
  });
  return <Asked query={job}>{(value) => <Shown key={value.id} job={value} />}</Asked>;
}

function Shown({ job }: { job: BatchJob }) {
  const say = useTexts();
  const isOver = hasEnded(job.status);
  const events = useJobEvents(job.id, !isOver);
  return (
    <>
      <PageHead
        window={`${job.type} ${shortId(job.id)}`}
        title={
          <Group gap="sm" component="span">
            {job.type}
            <Status state={job.status} />
            <WaitMark job={job} />
          </Group>
        }
      >
        <JobDeeds job={job} />
        <PriorityDeed job={job} />
      </PageHead>
      <Stack gap="md">
        <Copyable text={job.id} />
        <Progress job={job} />
        {job.error && (
          <Text className="wrap status-bad" fw={600}>
            {job.error.error_type}: {job.error.error_message}
          </Text>
        )}
        {!isOver && <WhyWaiting jobId={job.id} />}
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Panel title={say('job.timeline')}>
            <JobTimeline job={job} events={events} />
          </Panel>
          <Panel title={say('job.facts')}>
            <JobFacts job={job} />
          </Panel>
        </SimpleGrid>
        <JobFailures job={job} />
        {job.executor !== 'external' && <OfWorkers job={job} />}
        <Panel title={say('job.elsewhere')}>
          <Stack gap="xs">
            <Copyable label="CLI" text={`./kintsugi job ${job.id} --watch`} />
            <Copyable label="HTTP" text={`GET /v1/jobs/${job.id}`} />
          </Stack>
        </Panel>
      </Stack>
    </>
  );
}

/** What only those jobs have that workers run. */
function OfWorkers({ job }: { job: BatchJob }) {
  const say = useTexts();
  return (
    <>
      <TaskList job={job} />
      <TaskGraphPanel job={job} />
      {job.started_at && (
        <Panel title={say('usage.title')}>
          <Suspense>
            <UsageCharts job={job} />
          </Suspense>
        </Panel>
      )}
      {job.started_at && <JobLogs jobId={job.id} />}
    </>
  );
}
