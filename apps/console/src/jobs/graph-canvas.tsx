import type { Task } from '@kintsugi/contracts';
import { useEffect, useRef, useState } from 'react';
import { Status } from '../display/status.js';
import { useTexts } from '../texts/language.js';
import type { TextKey } from '../texts/fill.js';
import type { TaskGraph } from './domain/task-graph.js';

const box = { width: 168, height: 44, gapX: 56, gapY: 12, head: 28 };
/** What is so near to the sight is drawn, too. */
const marginPx = 300;
/** The sight is noted in such steps, so that scrolling draws seldom. */
const stepPx = 100;

interface Sight {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const leftOf = (level: number): number => 8 + level * (box.width + box.gapX);
const topOf = (row: number): number => box.head + row * (box.height + box.gapY);

/** Tasks as boxes in columns, with lines from what is waited for; only what is in sight is drawn. */
export function GraphCanvas({ graph, onOpen }: { graph: TaskGraph<Task>; onOpen: (task: Task) => void }) {
  const say = useTexts();
  const frame = useRef<HTMLDivElement>(null);
  const sight = useSight(frame);
  const width = leftOf(graph.levels.length) - box.gapX + 8;
  const height = topOf(graph.rows) + 4;
  return (
    <div ref={frame} className="graph" tabIndex={0} role="group" aria-label={say('graph.title')}>
      <div style={{ width, height, position: 'relative' }}>
        <Edges graph={graph} width={width} height={height} sight={sight} />
        {graph.levels.map((counts, level) =>
          leftOf(level) < sight.right && leftOf(level) + box.width > sight.left ? (
            <div key={level} className="graph-level" style={{ left: leftOf(level), width: box.width }}>
              {Object.entries(counts)
                .map(([state, count]) => `${count.toLocaleString()} ${say(`state.${state}` as TextKey)}`)
                .join(', ')}
            </div>
          ) : null,
        )}
        {graph.nodes.map(({ task, level, row }) => {
          const [left, top] = [leftOf(level), topOf(row)];
          const isSeen =
            left < sight.right && left + box.width > sight.left && top < sight.bottom && top + box.height > sight.top;
          return isSeen ? (
            <button
              key={task.id}
              type="button"
              className="graph-node"
              style={{ left, top, width: box.width, height: box.height }}
              title={task.key ?? task.id}
              onClick={() => onOpen(task)}
            >
              <span className="mono">{task.key ?? task.id.slice(-12)}</span>
              <Status state={task.state} />
            </button>
          ) : null;
        })}
      </div>
    </div>
  );
}

interface EdgesProps {
  graph: TaskGraph<Task>;
  width: number;
  height: number;
  sight: Sight;
}

function Edges({ graph: { nodes, edges }, width, height, sight }: EdgesProps) {
  const paths: string[] = [];
  for (const [from, to] of edges) {
    const [one, other] = [nodes[from], nodes[to]];
    if (!one || !other) continue;
    const [x1, y1] = [leftOf(one.level) + box.width, topOf(one.row) + box.height / 2];
    const [x2, y2] = [leftOf(other.level), topOf(other.row) + box.height / 2];
    const isSeen = x1 < sight.right && x2 > sight.left && Math.min(y1, y2) < sight.bottom && Math.max(y1, y2) > sight.top;
    if (isSeen) paths.push(`M${x1} ${y1}C${x1 + 28} ${y1} ${x2 - 28} ${y2} ${x2} ${y2}`);
  }
  return (
    <svg className="graph-edges" width={width} height={height} aria-hidden="true">
      <path d={paths.join('')} />
    </svg>
  );
}

function useSight(frame: React.RefObject<HTMLDivElement | null>): Sight {
  const [sight, see] = useState<Sight>({ left: 0, top: 0, right: 1_600, bottom: 900 });
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const step = (value: number): number => Math.floor(value / stepPx) * stepPx;
    const look = (): void => {
      const { scrollLeft, scrollTop, clientWidth, clientHeight } = element;
      const [left, top] = [step(scrollLeft) - marginPx, step(scrollTop) - marginPx];
      const next = {
        left,
        top,
        right: left + clientWidth + 2 * marginPx + stepPx,
        bottom: top + clientHeight + 2 * marginPx + stepPx,
      };
      see((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    return () => element.removeEventListener('scroll', look);
  }, [frame]);
  return sight;
}
