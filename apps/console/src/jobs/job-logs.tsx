import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Panel } from '../display/panel.js';
import type { LogFilter } from '../logs/domain/log-filter.js';
import { LogViewer } from '../logs/log-viewer.js';
import { useTexts } from '../texts/language.js';

/** The log of a job on its page. */
export function JobLogs({ jobId }: { jobId: string }) {
  const say = useTexts();
  const [filter, look] = useState<LogFilter>({});
  const whole = (
    <Anchor component={Link} to={`/logs/${jobId}`} size="sm">
      {say('logs.whole')}
    </Anchor>
  );
  return (
    <Panel title={say('job.logs')} aside={whole}>
      <LogViewer jobId={jobId} filter={filter} onFilter={look} />
    </Panel>
  );
}
