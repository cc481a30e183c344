import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { prefix } from '../api/request.js';

export interface HeardEvent {
  id: string;
  name: string;
  at: string;
  tasks: number | null;
}

/** What the console shows of a job's events; those of single tasks are told by the job itself. */
const names = [
  'created',
  'planned',
  'started',
  'paused',
  'resumed',
  'released',
  'progressed',
  'reprioritised',
  'completed',
  'failed',
  'cancelled',
  'recovered',
];
const keptMax = 30;
const refreshMs = 400;

/** Follows a job as it happens. Where the stream cannot be had, the page still asks now and then. */
export function useJobEvents(jobId: string, follows: boolean): readonly HeardEvent[] {
  const queries = useQueryClient();
  const [heard, hear] = useState<readonly HeardEvent[]>([]);
  useEffect(() => {
    if (!follows) return undefined;
    const source = new EventSource(`${prefix}/v1/jobs/${encodeURIComponent(jobId)}/events`);
    let refresh: ReturnType<typeof setTimeout> | undefined;
    const take = (event: MessageEvent<string>): void => {
      const data = parsed(event.data);
      if (!data) return;
      const one: HeardEvent = { id: event.lastEventId, name: event.type, at: data.time, tasks: data.tasks?.length ?? null };
      hear((before) => (before.some(({ id }) => id === one.id) ? before : [...before, one].slice(-keptMax)));
      refresh ??= setTimeout(() => {
        refresh = undefined;
        void queries.invalidateQueries({ queryKey: ['job', jobId] });
      }, refreshMs);
    };
    for (const name of names) source.addEventListener(`job.${name}`, take);
    return () => {
      clearTimeout(refresh);
      source.close();
    };
  }, [jobId, follows, queries]);
  return heard;
}

function parsed(text: string): { time: string; tasks?: unknown[] } | null {
  try {
    return JSON.parse(text) as { time: string; tasks?: unknown[] };
  } catch {
    return null;
  }
}
