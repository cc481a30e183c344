import type { PlatformHealth } from '@kintsugi/contracts';
import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/request.js';
import { shownCount } from '../display/domain/shortened.js';
import { useTexts } from '../texts/language.js';

const everyMs = 5_000;

export function useHealth() {
  return useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => get<PlatformHealth>('/health', {}, signal),
    refetchInterval: everyMs,
  });
}

const tones = { ok: 'good', degraded: 'waiting', failing: 'bad' } as const;

/** How the platform is, on every page; each part leads to what it tells of. */
export function HealthStatus() {
  const say = useTexts();
  const { data, error } = useHealth();
  if (!data) {
    return (
      <div className="health" role="status">
        <span className={`status status-${error ? 'bad' : 'off'}`}>{say(error ? 'health.unreachable' : 'health.asking')}</span>
      </div>
    );
  }
  const { overall, jobs, host } = data;
  const usedMib = host.memory_mib - host.free_memory_mib;
  const used = Math.round((100 * usedMib) / Math.max(1, host.memory_mib));
  return (
    <div className="health" role="group" aria-label={say('health.title')}>
      <Link to="/platform" className={`status status-${tones[error ? 'failing' : overall]}`}>
        {say(error ? 'health.unreachable' : `health.${overall}`)}
      </Link>
      {jobs && (
        <Link to="/jobs" search={{ q: 'status:running' }}>
          {say('health.running')} <b>{shownCount(jobs.by_status['running'] ?? 0, jobs.counted_to)}</b>
        </Link>
      )}
      {jobs && (
        <Link
          to="/jobs"
          search={{ q: 'status:failed since:1h' }}
          className={jobs.failed_last_hour > 0 ? 'status-bad' : ''}
          title={say('health.failedHour')}
        >
          {say('health.failed')} <b>{shownCount(jobs.failed_last_hour, jobs.counted_to)}</b>
        </Link>
      )}
      <Link to="/platform" title={`${usedMib.toLocaleString()} / ${host.memory_mib.toLocaleString()} MiB`}>
        {say('health.memory')} <b>{used} %</b>
      </Link>
      {data.logs && (
        <Link to="/platform">
          {say('health.logs')} <b>{data.logs.stored_mib.toLocaleString()} MiB</b>
        </Link>
      )}
    </div>
  );
}
