import { Alert, Stack, Text } from '@mantine/core';
import type { PlatformHealth } from '@kintsugi/contracts';
import { Link } from '@tanstack/react-router';
import { countOrMore, shownCount } from '../display/domain/shortened.js';
import { approvalsIn } from '../failures/domain/waiting-recovery.js';
import { useWaitingRecoveries } from '../failures/waiting-recoveries.js';
import { openJobsQuery } from '../jobs/domain/open-jobs.js';
import { useTexts } from '../texts/language.js';
import { verdictOf, type Concern } from './domain/verdict.js';
import { useFiring, useOpenGroups } from './home-queries.js';
import { useUnserved } from './use-unserved.js';

const colours = { ok: 'teal', degraded: 'yellow', failing: 'red' } as const;

/** The answer to the question of the page; nothing is called well before all who could say otherwise have answered. */
export function VerdictAlert({ health }: { health: PlatformHealth }) {
  const say = useTexts();
  const groups = useOpenGroups();
  const unserved = useUnserved();
  const firing = useFiring();
  const waiting = useWaitingRecoveries();
  if (groups.isPending || unserved.isPending || firing.isPending || waiting.isPending) {
    return (
      <Alert color="gray" title={say('home.looking')} role="status">
        <Text size="sm">{say('home.lookingText')}</Text>
      </Alert>
    );
  }
  const { level, concerns } = verdictOf(
    {
      overall: health.overall,
      groups: groups.error ? null : { items: groups.data.items, isCapped: groups.data.next_cursor !== null },
      unserved: unserved.error ? null : unserved.data,
      firing: firing.error ? null : { alerts: firing.data.alerts.length, isCapped: firing.data.isCapped },
      approvals: waiting.error ? null : approvalsIn(waiting.data.pages),
    },
    Date.now(),
  );
  return (
    <Alert color={colours[level]} title={say(`home.${level}`)} role="status">
      <Stack gap={6}>
        {health.reasons.map(({ reason, advice }) => (
          <div key={reason}>
            <Text size="sm" fw={600} className="wrap">
              <Link to="/platform" className="plain-link">
                {reason}
              </Link>
            </Text>
            <Text size="sm" className="wrap">
              {advice}
            </Text>
          </div>
        ))}
        {concerns.map((concern) => (
          <Text key={JSON.stringify(concern)} size="sm" fw={600} className="wrap">
            <ConcernLink concern={concern} />
          </Text>
        ))}
        {health.reasons.length + concerns.length === 0 && <Text size="sm">{say('home.allWell')}</Text>}
      </Stack>
    </Alert>
  );
}

function ConcernLink({ concern }: { concern: Concern }) {
  const say = useTexts();
  switch (concern.kind) {
    case 'unknown':
      return say(`home.unknown.${concern.what}`);
    case 'firing':
      return (
        <Link to="/alerts" className="plain-link">
          {say('home.concern.firing', { count: countOrMore(concern.alerts, concern.isCapped) })}
        </Link>
      );
    case 'approval':
      return (
        <Link to="/failures" className="plain-link">
          {say('home.concern.approval', { count: countOrMore(concern.recoveries, concern.isCapped) })}
        </Link>
      );
    case 'unserved':
      return (
        <Link to="/jobs" search={{ q: openJobsQuery(concern.type) }} className="plain-link">
          {say('home.concern.unserved', {
            type: concern.type,
            count: countOrMore(concern.jobs, concern.isCapped),
          })}
        </Link>
      );
    case 'regressed':
    case 'rising':
    case 'open':
      return (
        <Link to="/failures" className="plain-link">
          {say(`home.concern.${concern.kind}`, {
            count: concern.isCapped ? `${shownCount(concern.groups)}+` : shownCount(concern.groups),
          })}
        </Link>
      );
  }
}
