import { Stack } from '@mantine/core';
import type { GroupRecoveryPage } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/request.js';
import { EmptyState } from '../display/empty-state.js';
import { Panel } from '../display/panel.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';
import { isRunning } from './domain/recovery-progress.js';
import { RecoveryView } from './recovery-view.js';

const runningEveryMs = 1_000;
const everyMs = 5_000;
const shownMax = 5;

/** The careful recoveries of a group, the newest first, each as far as it is. */
export function GroupRecoveries({ groupId }: { groupId: string }) {
  const say = useTexts();
  const recoveries = useQuery({
    queryKey: ['groups', 'recoveries', groupId],
    queryFn: ({ signal }) => get<GroupRecoveryPage>('/v1/group-recoveries', { group_id: groupId, limit: shownMax }, signal),
    refetchInterval: ({ state }) => (state.data?.items.some(isRunning) ? runningEveryMs : everyMs),
  });
  return (
    <Panel title={say('careful.title')}>
      <Asked query={recoveries}>
        {({ items }) => (
          <Stack gap="md">
            {items.length === 0 && <EmptyState of="groupRecoveries" values={{ group: groupId }} />}
            {items.map((recovery) => (
              <RecoveryView key={recovery.id} recovery={recovery} />
            ))}
          </Stack>
        )}
      </Asked>
    </Panel>
  );
}
