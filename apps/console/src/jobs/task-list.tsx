import { Select } from '@mantine/core';
import type { BatchJob, Task, TaskPage } from '@kintsugi/contracts';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { usePaged } from '../api/paged.js';
import { get } from '../api/request.js';
import { shownDuration } from '../display/domain/durations.js';
import { Panel } from '../display/panel.js';
import { EmptyState } from '../display/empty-state.js';
import { Status } from '../display/status.js';
import { useTexts } from '../texts/language.js';
import type { TextKey } from '../texts/fill.js';
import { TaskDrawer } from './task-drawer.js';

const route = getRouteApi('/jobs/$jobId');
const perPage = 100;
const rowHeight = 36;
const everyMs = 4_000;
/** Pages up to which what is shown is asked for again; those who look further down want to read. */
const livePagesMax = 2;

/** The tasks of a job, as many as there are: only those that are seen are drawn, and only those near them are asked for. */
export function TaskList({ job }: { job: BatchJob }) {
  const say = useTexts();
  const { state } = route.useSearch();
  const navigate = useNavigate();
  const [open, show] = useState<Task | null>(null);
  const states = Object.entries(job.task_counts).filter(([name, count]) => count > 0 || name === state);
  const tasks = usePaged(
    ['job', job.id, 'tasks', state],
    (cursor, signal) => get<TaskPage>(`/v1/jobs/${encodeURIComponent(job.id)}/tasks`, { state, limit: perPage, cursor }, signal),
    (pages) => (!job.finished_at && pages.length <= livePagesMax ? everyMs : false),
  );
  const items = tasks.data?.pages.flatMap((page) => page.items) ?? [];
  const filter = (
    <Select
      size="xs"
      w={230}
      aria-label={say('tasks.filter')}
      placeholder={say('tasks.all', { count: job.total_tasks?.toLocaleString() ?? '–' })}
      clearable
      clearButtonProps={{ 'aria-label': say('tasks.clear') }}
      value={state ?? null}
      data={states.map(([name, count]) => ({
        value: name,
        label: `${say(`state.${name}` as TextKey)} · ${count.toLocaleString()}`,
      }))}
      onChange={(chosen) =>
        void navigate({ to: '/jobs/$jobId', params: { jobId: job.id }, search: { state: chosen ?? undefined }, replace: true })
      }
    />
  );
  return (
    <Panel title={say('job.tasks')} aside={filter}>
      {items.length === 0 && !tasks.isPending ? (
        <EmptyState of="tasks" values={{ job: job.id }} />
      ) : (
        <Rows tasks={items} hasMore={tasks.hasNextPage} more={() => void tasks.fetchNextPage()} show={show} />
      )}
      <TaskDrawer task={open} onClose={() => show(null)} />
    </Panel>
  );
}

interface RowsGiven {
  tasks: readonly Task[];
  hasMore: boolean;
  more: () => void;
  show: (task: Task) => void;
}

function Rows({ tasks, hasMore, more, show }: RowsGiven) {
  const say = useTexts();
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const seen = rows.getVirtualItems();
  const last = seen.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= tasks.length - perPage / 4) more();
  }, [hasMore, last, tasks.length, more]);
  return (
    <div
      className="tasks"
      ref={frame}
      tabIndex={0}
      role="group"
      aria-label={say('job.tasks')}
      style={{ maxHeight: tasks.length * rowHeight + 2 }}
    >
      <div style={{ height: rows.getTotalSize() }}>
        {seen.map(({ index, start }) => (
          <TaskRow key={index} task={tasks[index] as Task} top={start} show={show} />
        ))}
      </div>
    </div>
  );
}

function TaskRow({ task, top, show }: { task: Task; top: number; show: (task: Task) => void }) {
  const say = useTexts();
  return (
    <button type="button" className="task-row" style={{ transform: `translateY(${top}px)` }} onClick={() => show(task)}>
      <span className="mono">{task.key ?? task.id.slice(task.id.indexOf('.') + 1)}</span>
      <Status state={task.state} />
      <span title={say('tasks.attempts')}>{task.attempts}×</span>
      <span>{task.duration_ms === null ? '–' : shownDuration(task.duration_ms)}</span>
      <span>{task.error ? `${task.error.error_type}: ${task.error.error_message}` : ''}</span>
    </button>
  );
}
