/** A row of counts as small bars; the numbers stand in its name. */
export function Spark({ counts, label }: { counts: readonly number[]; label: string }) {
  const most = Math.max(1, ...counts);
  const width = 100 / Math.max(1, counts.length);
  return (
    <svg className="spark" viewBox="0 0 100 24" preserveAspectRatio="none" role="img" aria-label={label}>
      {counts.map((count, index) => {
        const height = count === 0 ? 1 : Math.max(3, (24 * count) / most);
        const style = count === 0 ? 'spark-none' : 'spark-some';
        return <rect key={index} className={style} x={index * width} y={24 - height} width={width * 0.8} height={height} />;
      })}
    </svg>
  );
}
