import { Stack } from '@mantine/core';
import type { GroupRecoveryPage } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/request.js';
import { Panel } from '../display/panel.js';
import { useTexts } from '../texts/language.js';
import { isAbout, type AboutWhat } from './domain/waiting-recovery.js';
import { RecoveryView } from './recovery-view.js';

const everyMs = 5_000;
/** All that a tenant may have under way fit in. */
const shownMax = 200;

/** Recoveries that wait for what has to hold before they begin. */
export function useWaitingRecoveries() {
  return useQuery({
    queryKey: ['groups', 'recoveries', 'waiting'],
    queryFn: ({ signal }) => get<GroupRecoveryPage>('/v1/group-recoveries', { state: 'waiting', limit: shownMax }, signal),
    refetchInterval: everyMs,
  });
}

/** Those that are about one thing, or all of them, each with what it waits for; nothing where none waits. */
export function WaitingRecoveries({ about }: { about?: AboutWhat }) {
  const say = useTexts();
  const items = useWaitingRecoveries().data?.items ?? [];
  const shown = about === undefined ? items : items.filter((recovery) => isAbout(recovery, about));
  if (shown.length === 0) return null;
  return (
    <Panel title={say('wait.title')}>
      <Stack gap="md">
        {shown.map((recovery) => (
          <RecoveryView key={recovery.id} recovery={recovery} showsTarget={about === undefined} />
        ))}
      </Stack>
    </Panel>
  );
}
