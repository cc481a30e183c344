import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import type { GroupRecovery } from '@kintsugi/contracts';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Confirmed, asking, type Deed } from '../display/confirmed.js';
import { shortId } from '../display/domain/shortened.js';
import { Moment } from '../display/moment.js';
import { useMayOperate, useReader } from '../session/session.js';
import { useTexts, type Say } from '../texts/language.js';
import { isGoingOn, recoverySharesOf } from './domain/recovery-progress.js';
import { approvalBy } from './domain/waiting-recovery.js';
import { RecoveryWaits } from './recovery-waits.js';

const tones = {
  waiting: 'waiting',
  canary: 'busy',
  ramping: 'busy',
  completed: 'good',
  stopped: 'bad',
  cancelled: 'off',
} as const;

type Asked = 'approve' | 'reject' | 'cancel';

/** One recovery, as far as it is, with what it waits for and what a reader who may can do about it. */
export function RecoveryView({ recovery, showsTarget = false }: { recovery: GroupRecovery; showsTarget?: boolean }) {
  const say = useTexts();
  const [asked, ask] = useState<Asked | null>(null);
  const { state, reason, requested_by, requested_at } = recovery;
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Group gap="sm">
          <span className={`status status-${tones[state]}`}>{say(`careful.${state}`)}</span>
          {showsTarget && <Target recovery={recovery} />}
          <Text size="sm" c="dimmed">
            {requested_by} · <Moment at={requested_at} />
          </Text>
        </Group>
        <Deeds recovery={recovery} onAsk={ask} />
      </Group>
      {state === 'waiting' ? <RecoveryWaits recovery={recovery} /> : <Progress recovery={recovery} />}
      {reason && (
        <Text size="sm" c="dimmed" className="wrap">
          {reason}
        </Text>
      )}
      <Confirmed deed={asked === null ? null : deedOf(asked, recovery.id, say)} onClose={() => ask(null)} />
    </Stack>
  );
}

/** What it is about. */
function Target({ recovery: { group_id, filter } }: { recovery: GroupRecovery }) {
  return (
    <Text size="sm" component="span" className="wrap">
      {group_id !== null && (
        <Anchor component={Link} to={`/failures/${group_id}`} size="sm" title={group_id}>
          {shortId(group_id)}
        </Anchor>
      )}{' '}
      {Object.entries(filter)
        .map(([field, value]) => `${field} ${value}`)
        .join(', ')}
    </Text>
  );
}

function Deeds({ recovery, onAsk }: { recovery: GroupRecovery; onAsk: (asked: Asked) => void }) {
  const say = useTexts();
  const mayOperate = useMayOperate();
  const approval = approvalBy(recovery, useReader());
  if (!mayOperate || !isGoingOn(recovery)) return null;
  const offered: Asked[] = approval === 'may' ? ['approve', 'reject'] : ['cancel'];
  return (
    <Group gap={4}>
      {(approval === 'own' || approval === 'lesser') && (
        <Text size="xs" c="dimmed">
          {say(`careful.approval.${approval}`)}
        </Text>
      )}
      {offered.map((deed) => (
        <Button key={deed} size="compact-xs" variant={deed === 'approve' ? 'filled' : 'default'} onClick={() => onAsk(deed)}>
          {say(`careful.${deed}`)}
        </Button>
      ))}
    </Group>
  );
}

function Progress({ recovery }: { recovery: GroupRecovery }) {
  const say = useTexts();
  const { counts, records } = recovery;
  const shares = recoverySharesOf(recovery);
  const figures = {
    recovered: counts.recovered.toLocaleString(),
    failed: counts.failed.toLocaleString(),
    refused: counts.refused.toLocaleString(),
    busy: (counts.ordered + counts.chosen).toLocaleString(),
    records: records.toLocaleString(),
  };
  return (
    <>
      <div className="meter" role="img" aria-label={say('careful.figures', figures)}>
        {(['good', 'bad', 'off', 'busy'] as const).map((kind) => (
          <i key={kind} className={`meter-${kind}`} style={{ width: `${shares[kind]}%` }} />
        ))}
      </div>
      <Text size="sm" aria-live="polite">
        {say('careful.figures', figures)}
      </Text>
    </>
  );
}

/** To reject a recovery that waits is to end it: nothing of it has been run. */
function deedOf(asked: Asked, id: string, say: Say): Deed {
  const action = asked === 'approve' ? 'approveGroupRecovery' : 'cancelGroupRecovery';
  return {
    title: say(`careful.${asked}`),
    about: say(`careful.${asked}.about`),
    refreshes: [['groups']],
    command: `./kintsugi recover ${asked === 'approve' ? 'approve' : 'cancel'} ${id}`,
    isDangerous: asked === 'reject',
    ...asking('/error-operations', action, { recovery_id: id }, () => say(`careful.${asked}.done`)),
  };
}
