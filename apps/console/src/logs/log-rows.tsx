import { Loader } from '@mantine/core';
import type { LogLine } from '@kintsugi/contracts';
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useMemo, useRef } from 'react';
import { EmptyState } from '../display/empty-state.js';
import { useTexts } from '../texts/language.js';
import { piecesOf } from './domain/ansi.js';
import type { LogFilter } from './domain/log-filter.js';
import { lineKey, marked } from './domain/log-lines.js';
import type { FollowedLog } from './log-reader.js';

const rowHeight = 20;
/** So near the end, more is read. */
const nearRows = 20;

interface LogRowsProps {
  jobId: string;
  log: FollowedLog & { more: () => void };
  filter: LogFilter;
  /** Whether the end is kept in sight. */
  follows: boolean;
}

/** Lines of a log, of which only those in sight are drawn. */
export function LogRows({ jobId, log, filter, follows }: LogRowsProps) {
  const say = useTexts();
  const frame = useRef<HTMLDivElement>(null);
  const { lines, dropped, hasMore, more } = log;
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 20,
  });
  const meant = useMemo(
    () => lines.findIndex((line) => line.task_id === filter.task && line.line === filter.line && line.attempt === filter.attempt),
    [lines, filter.task, filter.line, filter.attempt],
  );
  useEffect(() => {
    if (follows && lines.length > 0) rows.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [follows, lines.length, dropped, rows]);
  useEffect(() => {
    if (meant >= 0) rows.scrollToIndex(meant, { align: 'center' });
  }, [meant, rows]);
  const drawn = rows.getVirtualItems();
  const isNearEnd = (drawn.at(-1)?.index ?? 0) >= lines.length - nearRows;
  useEffect(() => {
    if (hasMore && isNearEnd) more();
  }, [hasMore, isNearEnd, more, lines.length]);
  const widest = useMemo(() => lines.reduce((most, { text }) => Math.max(most, text.length), 0), [lines]);
  if (lines.length === 0) {
    return log.isLoading ? (
      <Loader role="status" aria-label={say('asked.loading')} />
    ) : (
      <EmptyState of="logLines" values={{ job: jobId }} />
    );
  }
  return (
    <div ref={frame} className="log" tabIndex={0} role="log" aria-live="off" aria-label={say('job.logs')}>
      <div style={{ height: rows.getTotalSize(), position: 'relative', minWidth: `calc(${widest + 16}ch)` }}>
        {drawn.map(({ index, start }) => {
          const line = lines[index] as LogLine;
          return (
            <Row key={lineKey(line)} jobId={jobId} line={line} top={start} isMeant={index === meant} found={filter.text ?? ''} />
          );
        })}
      </div>
    </div>
  );
}

interface RowProps {
  jobId: string;
  line: LogLine;
  top: number;
  isMeant: boolean;
  found: string;
}

const Row = memo(function Row({ jobId, line, top, isMeant, found }: RowProps) {
  const { at, task_id, attempt, stream, level } = line;
  return (
    <div className={`log-row log-${level}${isMeant ? ' log-meant' : ''}`} style={{ top }}>
      <Link
        to="/logs/$jobId"
        params={{ jobId }}
        search={{ task: task_id, attempt, line: line.line }}
        className="log-number"
        title={`${at} ${task_id} · ${attempt} · ${stream} · ${level}`}
      >
        {at.slice(11, 23)}
      </Link>
      <span className={`log-level status-${level === 'error' ? 'bad' : level === 'warn' ? 'waiting' : 'off'}`}>
        {level.padEnd(5)}
      </span>
      <span className="log-text">
        {piecesOf(line.text).map(({ text, classes }, index) => (
          <span key={index} className={classes.join(' ')}>
            {marked(text, found).map((part, place) => (part.isFound ? <mark key={place}>{part.text}</mark> : part.text))}
          </span>
        ))}
      </span>
    </div>
  );
});
