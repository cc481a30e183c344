import { Stack } from '@mantine/core';
import { errorRecordIdOf, type ErrorRecord, type GroupRecoveryPage, type Task } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { usePaged } from '../api/paged.js';
import { get } from '../api/request.js';
import { EmptyState } from '../display/empty-state.js';
import { MoreButton } from '../display/more-button.js';
import { Panel } from '../display/panel.js';
import { useTexts } from '../texts/language.js';
import { isAbout, nextLookMs, type AboutWhat } from './domain/waiting-recovery.js';
import { RecoveryView } from './recovery-view.js';

const perPage = 200;

/** Recoveries that wait for what has to hold before they begin, the newest first; asked for once for all that look at them. */
export function useWaitingRecoveries() {
  return usePaged<GroupRecoveryPage>(
    ['groups', 'recoveries', 'waiting'],
    (cursor, signal) => get<GroupRecoveryPage>('/v1/group-recoveries', { state: 'waiting', limit: perPage, cursor }, signal),
    nextLookMs,
  );
}

interface WaitingGiven {
  /** What they are about; all of them where it is left out. */
  about?: readonly AboutWhat[];
  /** Says how one is made where none waits, in place of nothing. */
  teaches?: boolean;
}

/** Recoveries that wait, each with what it waits for. */
export function WaitingRecoveries({ about, teaches = false }: WaitingGiven) {
  const say = useTexts();
  const recoveries = useWaitingRecoveries();
  const items = recoveries.data?.pages.flatMap((page) => page.items) ?? [];
  const shown = about === undefined ? items : items.filter((recovery) => about.some((what) => isAbout(recovery, what)));
  if (shown.length === 0 && !(teaches && recoveries.isSuccess)) return null;
  return (
    <Panel title={say('wait.title')}>
      <Stack gap="md">
        {shown.length === 0 && <EmptyState of="waitingRecoveries" />}
        {shown.map((recovery) => (
          <RecoveryView key={recovery.id} recovery={recovery} showsTarget={about === undefined} />
        ))}
        {about === undefined && <MoreButton query={recoveries} />}
      </Stack>
    </Panel>
  );
}

/** Those that are about a task that has failed. Its record, asked for where any recovery waits, knows of what group it is. */
export function WaitingAtTask({ task, errorType }: { task: Task; errorType: string }) {
  const id = errorRecordIdOf(task.id);
  const someWait = useWaitingRecoveries().data?.pages.some(({ items }) => items.length > 0) ?? false;
  const record = useQuery({
    queryKey: ['groups', 'record', id],
    queryFn: ({ signal }) => get<ErrorRecord>(`/v1/errors/${encodeURIComponent(id)}`, {}, signal),
    enabled: someWait,
  });
  return <WaitingRecoveries about={[record.data ?? { id, job_id: task.job_id, error_type: errorType }]} />;
}
