import { Button, Group, Stack, Text } from '@mantine/core';
import type { BatchJob, Task, TaskPage } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { get } from '../api/request.js';
import { Panel } from '../display/panel.js';
import { EmptyState } from '../display/empty-state.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';
import { graphOf } from './domain/task-graph.js';
import { GraphCanvas } from './graph-canvas.js';
import { TaskDrawer } from './task-drawer.js';

const perPage = 200;
/** Tasks that a graph is drawn of; nobody reads a larger one. */
const tasksMax = 2_000;
const everyMs = 5_000;

/** What waits for what. Nothing is asked for before somebody wants to see it, except of small jobs. */
export function TaskGraphPanel({ job }: { job: BatchJob }) {
  const say = useTexts();
  const isSmall = (job.total_tasks ?? 0) <= perPage;
  const [isWanted, want] = useState(false);
  const tasks = useQuery({
    queryKey: ['job', job.id, 'graph'],
    queryFn: ({ signal }) => firstTasks(job.id, signal),
    enabled: isSmall || isWanted,
    refetchInterval: job.finished_at ? false : everyMs,
  });
  const hasEdges = tasks.data?.some(({ depends_on }) => (depends_on ?? []).length > 0) ?? false;
  if ((job.total_tasks ?? 0) < 2 || (isSmall && !isWanted && !hasEdges)) return null;
  return (
    <Panel title={say('graph.title')}>
      {isSmall || isWanted ? (
        <Asked query={tasks}>
          {(items) => (hasEdges ? <Graph tasks={items} total={job.total_tasks ?? 0} /> : <EmptyState of="graph" />)}
        </Asked>
      ) : (
        <Button size="compact-sm" variant="default" onClick={() => want(true)}>
          {say('graph.show')}
        </Button>
      )}
    </Panel>
  );
}

async function firstTasks(jobId: string, signal: AbortSignal): Promise<Task[]> {
  const tasks: Task[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: perPage, cursor };
    const page = await get<TaskPage>(`/v1/jobs/${encodeURIComponent(jobId)}/tasks`, query, signal);
    tasks.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor && tasks.length < tasksMax);
  return tasks;
}

function Graph({ tasks, total }: { tasks: readonly Task[]; total: number }) {
  const say = useTexts();
  const graph = useMemo(() => graphOf(tasks), [tasks]);
  const [open, show] = useState<Task | null>(null);
  return (
    <Stack gap="xs">
      <Group gap="md">
        <Text size="sm" c="dimmed">
          {say('graph.about', { levels: graph.levels.length, edges: graph.edges.length.toLocaleString() })}
        </Text>
        {tasks.length < total && (
          <Text size="sm" c="dimmed">
            {say('graph.part', { count: tasks.length.toLocaleString(), total: total.toLocaleString() })}
          </Text>
        )}
      </Group>
      <GraphCanvas graph={graph} onOpen={show} />
      <TaskDrawer task={open} onClose={() => show(null)} />
    </Stack>
  );
}
