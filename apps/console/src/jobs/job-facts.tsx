import { Anchor } from '@mantine/core';
import type { BatchJob } from '@kintsugi/contracts';
import type { ReactNode } from 'react';
import { Copyable } from '../display/copyable.js';
import { shownDuration } from '../display/domain/durations.js';
import { shortId } from '../display/domain/shortened.js';
import { Moment } from '../display/moment.js';
import { useTexts } from '../texts/language.js';
import { awaitedOf, orderFactsOf, type OrderFact } from './domain/job-order.js';
import { JobLink } from './job-link.js';

/** What was asked for, and what it came to. */
export function JobFacts({ job }: { job: BatchJob }) {
  const say = useTexts();
  const stats = job.run_stats;
  const facts: [string, ReactNode][] = [
    [say('fact.tasks'), job.total_tasks?.toLocaleString() ?? say('fact.unplanned')],
    [say('fact.priority'), job.priority],
    [say('fact.product'), job.product_id],
    [say('fact.group'), job.sending_group_id],
    [say('fact.user'), job.user_id],
    [say('fact.tenant'), job.tenant],
    [say('fact.safety'), job.safety],
    ...Object.entries(job.labels).map(([name, value]): [string, ReactNode] => [name, value]),
  ];
  if (job.detailed_status.current_phase) facts.unshift([say('fact.phase'), job.detailed_status.current_phase]);
  facts.push(
    ...orderFactsOf(job).map((fact): [string, ReactNode] => [say(fact.name), <OrderValue key={fact.name} fact={fact} />]),
  );
  if (job.depends_on?.length) facts.push([say('fact.awaited'), <Awaited key="awaited" job={job} />]);
  if (stats && stats.retries > 0) facts.push([say('fact.retries'), stats.retries.toLocaleString()]);
  if (stats && stats.recovered > 0) facts.push([say('fact.recovered'), stats.recovered.toLocaleString()]);
  if (stats?.task_ms) {
    const { p50_ms, p99_ms } = stats.task_ms;
    facts.push([say('fact.runTime'), `${shownDuration(p50_ms)} / ${shownDuration(p99_ms)}`]);
  }
  if (job.trace_id) facts.push([say('fact.trace'), <Trace key="trace" id={job.trace_id} url={job.trace_url} />]);
  if (job.original_job_id) {
    facts.push([say('fact.retryOf', { count: job.retry_count ?? 1 }), <JobLink key="original" id={job.original_job_id} />]);
  }
  for (const id of job.retried_as ?? []) facts.push([say('fact.retriedAs'), <JobLink key={id} id={id} />]);
  return (
    <dl className="facts">
      {facts.map(([name, value], index) => (
        <FactRow key={index} name={name} value={value} />
      ))}
    </dl>
  );
}

function FactRow({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function OrderValue({ fact }: { fact: OrderFact }) {
  const say = useTexts();
  if ('job' in fact) return <JobLink id={fact.job} />;
  if ('at' in fact) return <Moment at={fact.at} />;
  return fact.parts.map((part) => (typeof part === 'string' ? part : say(part.key, part.values))).join(' · ');
}

/** The jobs that go before this one, a line each. */
function Awaited({ job }: { job: BatchJob }) {
  const say = useTexts();
  const { jobs, others } = awaitedOf(job);
  return (
    <>
      {jobs.map(({ id, endsAnyhow, isAwaited }) => (
        <div key={id}>
          <JobLink id={id} />
          {isAwaited && ` · ${say('fact.awaited.still')}`}
          {endsAnyhow && ` · ${say('fact.awaited.anyhow')}`}
        </div>
      ))}
      {others > 0 && say('rerun.others', { count: others.toLocaleString() })}
    </>
  );
}

/** The id, which leads to where the trace is looked at where the platform knows that. */
function Trace({ id, url }: { id: string; url: string | undefined }) {
  if (!url) return <Copyable text={id} />;
  return (
    <Anchor href={url} target="_blank" rel="noreferrer" className="id" title={id}>
      {shortId(id)}
    </Anchor>
  );
}
