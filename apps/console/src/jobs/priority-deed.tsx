import { Button, Input, SegmentedControl, Tooltip } from '@mantine/core';
import type { BatchJob } from '@kintsugi/contracts';
import { useState } from 'react';
import { Confirmed, asking, type Deed } from '../display/confirmed.js';
import { shortId } from '../display/domain/shortened.js';
import { useMayOperate } from '../session/session.js';
import { useTexts, type Say } from '../texts/language.js';
import { canBePrioritised } from './domain/job-progress.js';

const priorities = Array.from({ length: 10 }, (_, priority) => String(priority));

function deedOf({ id }: BatchJob, priority: number, say: Say): Deed {
  return {
    title: say('deed.priority'),
    about: say('deed.priority.about'),
    refreshes: [['jobs'], ['job']],
    command: `./kintsugi priority ${id} ${priority}`,
    ...asking('/job-operations', 'setJobPriority', { job_id: id, priority }, (job) =>
      say('deed.priority.done', { id: shortId(id), priority: job.priority }),
    ),
  };
}

/** Sets the priority of a job. Who may not, or cannot any more, is told why; the keyboard reaches that too. */
export function PriorityDeed({ job }: { job: BatchJob }) {
  const say = useTexts();
  const mayOperate = useMayOperate();
  const [wanted, want] = useState<number | null>(null);
  const obstacle = !mayOperate ? 'deed.priority.viewer' : canBePrioritised(job) ? null : 'deed.priority.over';
  return (
    <>
      <Tooltip
        label={obstacle && say(obstacle)}
        disabled={obstacle === null}
        events={{ hover: true, focus: true, touch: true }}
        multiline
        maw={300}
      >
        <Button
          size="sm"
          variant="default"
          aria-disabled={obstacle !== null}
          data-disabled={obstacle !== null || undefined}
          onClick={() => obstacle === null && want(job.priority)}
        >
          {say('deed.priority')}
        </Button>
      </Tooltip>
      <Confirmed deed={wanted === null ? null : deedOf(job, wanted, say)} onClose={() => want(null)}>
        <Input.Wrapper label={say('fact.priority')} labelElement="div">
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label={say('fact.priority')}
            value={String(wanted)}
            data={priorities}
            onChange={(chosen) => want(Number(chosen))}
          />
        </Input.Wrapper>
      </Confirmed>
    </>
  );
}
