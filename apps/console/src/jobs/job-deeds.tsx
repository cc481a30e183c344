import { Button } from '@mantine/core';
import type { BatchJob } from '@kintsugi/contracts';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Confirmed, asking, type Deed } from '../display/confirmed.js';
import { shortId } from '../display/domain/shortened.js';
import { useMayOperate } from '../session/session.js';
import { useTexts, type Say } from '../texts/language.js';
import { actionOf, canRerunPart, deedsFor, isDestructive, type JobDeed } from './domain/job-progress.js';
import { RerunPlanner } from './rerun-planner.js';

/** @param onRetried told the id of the new job */
function deedOf(deed: JobDeed, { id }: BatchJob, say: Say, onRetried: (jobId: string) => void): Deed {
  const done = (): string => say(`deed.${deed}.done`, { id: shortId(id) });
  return {
    title: say(`deed.${deed}`),
    about: say(`deed.${deed}.about`),
    refreshes: [['jobs'], ['job']],
    command: `./kintsugi ${deed} ${id}`,
    isDangerous: isDestructive(deed),
    ...(deed === 'delete' ? { typed: id.slice(-4) } : {}),
    ...(deed === 'retry'
      ? asking('/job-operations', actionOf.retry, { job_id: id }, ({ job_id }) => {
          onRetried(job_id);
          return done();
        })
      : asking('/job-operations', actionOf[deed], { job_id: id }, done)),
  };
}

/**
 * What a reader who may can do with a job; nothing is shown to others, and the platform would refuse it anyway. A job that is made
 * of it is shown.
 */
export function JobDeeds({ job, compact = false }: { job: BatchJob; compact?: boolean }) {
  const say = useTexts();
  const navigate = useNavigate();
  const show = (jobId: string): void => void navigate({ to: '/jobs/$jobId', params: { jobId } });
  const mayOperate = useMayOperate();
  const [asked, ask] = useState<JobDeed | null>(null);
  const [plans, plan] = useState(false);
  const deeds = deedsFor(job);
  if (!mayOperate || deeds.length === 0) return null;
  const first = deeds[0] as JobDeed;
  return (
    <>
      {compact ? (
        <Button.Group>
          {deeds.map((deed) => (
            <Button key={deed} size="compact-xs" variant="default" onClick={() => ask(deed)}>
              {say(`deed.${deed}`)}
            </Button>
          ))}
        </Button.Group>
      ) : (
        deeds.map((deed) => (
          <Button key={deed} size="sm" variant={deed === first ? 'filled' : 'default'} onClick={() => ask(deed)}>
            {say(`deed.${deed}`)}
          </Button>
        ))
      )}
      {!compact && canRerunPart(job) && (
        <Button size="sm" variant="default" onClick={() => plan(true)}>
          {say('rerun.title')}
        </Button>
      )}
      {plans && <RerunPlanner job={job} onClose={() => plan(false)} onRun={show} />}
      <Confirmed deed={asked && deedOf(asked, job, say, show)} onClose={() => ask(null)} />
    </>
  );
}
