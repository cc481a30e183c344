import { Anchor, Stack, Text } from '@mantine/core';
import type { GroupRecovery, RecoveryCondition } from '@kintsugi/contracts';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { shownDuration } from '../display/domain/durations.js';
import { shortId } from '../display/domain/shortened.js';
import { Moment } from '../display/moment.js';
import { useTexts, type Say } from '../texts/language.js';

/** What a recovery waits for: each condition, whether it holds, and how it stood when it was looked at last. */
export function RecoveryWaits({ recovery: { waits_for, waits_until, records } }: { recovery: GroupRecovery }) {
  const say = useTexts();
  return (
    <Stack gap={2}>
      {waits_for.map(({ condition, holds, about }) => (
        <Text key={JSON.stringify(condition)} size="sm" className="wrap">
          <span className={`status status-${holds ? 'good' : 'waiting'}`}>{say(holds ? 'wait.holds' : 'wait.waits')}</span>{' '}
          {shown(condition, say)}{' '}
          <Text component="span" size="xs" c="dimmed">
            {about}
          </Text>
        </Text>
      ))}
      <Text size="sm" c="dimmed">
        {records > 0 && `${say('wait.then', { count: records.toLocaleString() })} `}
        {say('wait.until')} <Moment at={waits_until} />
      </Text>
    </Stack>
  );
}

function shown(condition: RecoveryCondition, say: Say): ReactNode {
  switch (condition.kind) {
    case 'dependency':
      return say('wait.dependency', {
        type: [condition.error_type, condition.label].filter(Boolean).join(', '),
        duration: shownDuration(condition.quiet_seconds * 1_000),
      });
    case 'window':
      return say('wait.window', { from: condition.from, to: condition.to, zone: condition.time_zone });
    case 'job':
      return (
        <>
          {say(`wait.job.${condition.status}`)}{' '}
          <Anchor component={Link} to={`/jobs/${condition.job_id}`} size="sm" title={condition.job_id}>
            {shortId(condition.job_id)}
          </Anchor>
        </>
      );
    case 'approval':
      return say('wait.approval', { role: condition.role });
  }
}
