import { Button, Group, Stack, Text } from '@mantine/core';
import type { GroupRecovery, GroupRecoveryPage } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../api/request.js';
import { Confirmed, asking, type Deed } from '../display/confirmed.js';
import { Moment } from '../display/moment.js';
import { Panel } from '../display/panel.js';
import { useMayOperate } from '../session/session.js';
import { useTexts, type Say } from '../texts/language.js';
import { isGoingOn, isRunning, recoverySharesOf } from './domain/recovery-progress.js';

const runningEveryMs = 1_000;
const everyMs = 5_000;
const shownMax = 5;
const tones = {
  waiting: 'waiting',
  canary: 'busy',
  ramping: 'busy',
  completed: 'good',
  stopped: 'bad',
  cancelled: 'off',
} as const;

/** The careful recoveries of a group, the newest first, each as far as it is; nothing where there was none. */
export function GroupRecoveries({ groupId }: { groupId: string }) {
  const say = useTexts();
  const [ending, end] = useState<string | null>(null);
  const recoveries = useQuery({
    queryKey: ['groups', 'recoveries', groupId],
    queryFn: ({ signal }) => get<GroupRecoveryPage>('/v1/group-recoveries', { group_id: groupId, limit: shownMax }, signal),
    refetchInterval: ({ state }) => (state.data?.items.some(isRunning) ? runningEveryMs : everyMs),
  });
  const items = recoveries.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Panel title={say('careful.title')}>
      <Stack gap="md">
        {items.map((recovery) => (
          <Recovery key={recovery.id} recovery={recovery} onCancel={() => end(recovery.id)} />
        ))}
      </Stack>
      <Confirmed deed={ending === null ? null : cancelDeed(ending, say)} onClose={() => end(null)} />
    </Panel>
  );
}

function Recovery({ recovery, onCancel }: { recovery: GroupRecovery; onCancel: () => void }) {
  const say = useTexts();
  const mayOperate = useMayOperate();
  const { counts, records, state, reason } = recovery;
  const shares = recoverySharesOf(recovery);
  const figures = {
    recovered: counts.recovered.toLocaleString(),
    failed: counts.failed.toLocaleString(),
    refused: counts.refused.toLocaleString(),
    busy: (counts.ordered + counts.chosen).toLocaleString(),
    records: records.toLocaleString(),
  };
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Group gap="sm">
          <span className={`status status-${tones[state]}`}>{say(`careful.${state}`)}</span>
          <Text size="sm" c="dimmed">
            {recovery.requested_by} · <Moment at={recovery.requested_at} />
          </Text>
        </Group>
        {isGoingOn(recovery) && mayOperate && (
          <Button size="compact-xs" variant="default" onClick={onCancel}>
            {say('careful.cancel')}
          </Button>
        )}
      </Group>
      <div className="meter" role="img" aria-label={say('careful.figures', figures)}>
        {(['good', 'bad', 'off', 'busy'] as const).map((kind) => (
          <i key={kind} className={`meter-${kind}`} style={{ width: `${shares[kind]}%` }} />
        ))}
      </div>
      <Text size="sm" aria-live="polite">
        {say('careful.figures', figures)}
      </Text>
      {reason && (
        <Text size="sm" c="dimmed" className="wrap">
          {reason}
        </Text>
      )}
    </Stack>
  );
}

function cancelDeed(id: string, say: Say): Deed {
  return {
    title: say('careful.cancel'),
    about: say('careful.cancel.about'),
    refreshes: [['groups']],
    command: `./kintsugi recover cancel ${id}`,
    ...asking('/error-operations', 'cancelGroupRecovery', { recovery_id: id }, () => say('careful.cancel.done')),
  };
}
