import { SimpleGrid } from '@mantine/core';
import type { PlatformHealth } from '@kintsugi/contracts';
import { Link } from '@tanstack/react-router';
import { shownCount } from '../display/domain/shortened.js';
import { Tally } from '../display/tally.js';
import { useSession } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { useFleet } from '../workers/use-fleet.js';

/** Counts of what is under way, each a link to what was counted. */
export function Tallies({ health }: { health: PlatformHealth }) {
  const say = useTexts();
  const { jobs, workers } = health;
  // It tells of all tenants: who is bound to one is not told.
  const seesFleet = useSession().data?.tenant === null;
  const retrying = useFleet(seesFleet).data?.retries_in_flight;
  if (!jobs) return null;
  const count = (status: string): string => shownCount(jobs.by_status[status] ?? 0, jobs.counted_to);
  const tallies = [
    { name: say('state.running'), value: count('running'), q: 'status:running' },
    { name: say('state.pending'), value: count('pending'), q: 'status:pending' },
    { name: say('state.paused'), value: count('paused'), q: 'status:paused' },
    { name: say('home.failedHour'), value: shownCount(jobs.failed_last_hour, jobs.counted_to), q: 'status:failed since:1h' },
    {
      name: say('home.completedHour'),
      value: shownCount(jobs.completed_last_hour, jobs.counted_to),
      q: 'status:completed since:1h',
    },
  ];
  return (
    <SimpleGrid cols={{ base: 2, sm: 4, lg: 7 }} spacing="sm">
      {tallies.map(({ name, value, q }) => (
        <Link key={q} to="/jobs" search={{ q }} className="tally">
          <Tally name={name} value={value} />
        </Link>
      ))}
      {seesFleet && (
        <Link to="/workers" className="tally">
          <Tally name={say('home.retrying')} value={retrying?.toLocaleString() ?? '–'} />
        </Link>
      )}
      <Link to="/platform" className="tally">
        <Tally name={say('home.workers')} value={workers === null ? '–' : workers.toLocaleString()} />
      </Link>
    </SimpleGrid>
  );
}
