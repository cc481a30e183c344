import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { axisTimes } from './domain/axis-times.js';
import { useLanguage } from '../texts/language.js';

interface TimeChartProps {
  /** Epoch seconds, rising. */
  times: readonly number[];
  /** One a time; null for a gap. */
  values: readonly (number | null)[];
  unit: string;
  /** What it shows, with its figures: who cannot see the line reads these. */
  label: string;
}

const height = 130;
/** Charts of one page share the place of the pointer. */
const sync = 'kintsugi';

/** Values over time as a line, with the value at the pointer. */
export function TimeChart({ times, values, unit, label }: TimeChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const { language } = useLanguage();
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const made = new uPlot(optionsOf(element, unit, language), [[], []], element);
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    chart.current = made;
    return () => {
      chart.current = null;
      watch.disconnect();
      made.destroy();
    };
    // Colours are those of the theme when the chart is made.
  }, [unit, language, scheme]);
  // New values are no new chart, which would take memory again and take the pointer's line away.
  useEffect(() => chart.current?.setData([[...times], [...values]]), [times, values, unit, language, scheme]);
  return <div ref={place} className="chart" role="img" aria-label={label} />;
}

function optionsOf(element: HTMLElement, unit: string, language: string): uPlot.Options {
  const style = getComputedStyle(element);
  const line = style.getPropertyValue('--line').trim();
  const axis = {
    stroke: style.getPropertyValue('--mantine-color-dimmed').trim(),
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1 },
    font: '11px system-ui',
  };
  const shown = (value: number): string => value.toLocaleString(language, { maximumSignificantDigits: 3 });
  return {
    ...{
      width: element.clientWidth,
      height,
      legend: { show: false },
      cursor: { sync: { key: sync }, drag: { x: false, y: false } },
    },
    scales: { x: { time: true }, y: { range: (_chart, _least, most) => [0, (most || 1) * 1.1] } },
    axes: [
      {
        ...axis,
        size: 24,
        space: 70,
        // The library’s own put the minute and the day on a second line, for which there is no room.
        values: (_chart, splits, _axis, _space, stepS) => axisTimes(splits, stepS, language),
      },
      { ...axis, size: 54, values: (_chart, splits) => splits.map((value) => `${shown(value)}`) },
    ],
    series: [{}, { label: unit, stroke: style.color, width: 1.5, fill: line, spanGaps: false, points: { show: true, size: 4 } }],
  };
}
