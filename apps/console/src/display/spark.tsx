import { barsOf } from './domain/spark-bars.js';

/** A row of counts as small bars; the numbers stand in its name. */
export function Spark({ counts, label }: { counts: readonly number[]; label: string }) {
  const { none, some } = barsOf(counts);
  return (
    <svg className="spark" viewBox="0 0 100 24" preserveAspectRatio="none" role="img" aria-label={label}>
      <path className="spark-none" d={none} />
      <path className="spark-some" d={some} />
    </svg>
  );
}
