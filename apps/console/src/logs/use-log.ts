import { useCallback, useEffect, useRef, useState } from 'react';
import { queryOf, type LogFilter } from './domain/log-filter.js';
import { LogReader, nothingRead, type FollowedLog } from './log-reader.js';

/** The lines of a log that a filter fits, those that come as long as it is followed, and a way to read on where it is not. */
export function useLog(jobId: string, filter: LogFilter, follows: boolean): FollowedLog & { more: () => void } {
  const [log, tell] = useState(nothingRead);
  const cursor = useRef<string | null>(null);
  const reader = useRef<LogReader | null>(null);
  const query = JSON.stringify(queryOf(filter));
  useEffect(() => {
    cursor.current = null;
    tell(nothingRead);
  }, [jobId, query]);
  const isFollowed = useIsSeen() && follows;
  useEffect(() => {
    const own = new LogReader(jobId, JSON.parse(query) as Record<string, string | number>, cursor, tell);
    reader.current = own;
    if (isFollowed) own.follow();
    else own.pause();
    return () => own.stop();
  }, [jobId, query, isFollowed]);
  const more = useCallback(() => reader.current?.readOn(), []);
  return { ...log, more };
}

/** Whether anybody can see the page: a tab in the background holds no connection. */
function useIsSeen(): boolean {
  const [isSeen, see] = useState(() => document.visibilityState === 'visible');
  useEffect(() => {
    const look = (): void => see(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return isSeen;
}
