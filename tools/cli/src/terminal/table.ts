import { fit, widthOf } from './text-width.js';

export interface Column {
  title: string;
  align?: 'left' | 'right';
  /** This column gives way when the rows are too wide; by default none does. */
  shrinks?: boolean;
  /** Narrowest that it may become. */
  columnsMin?: number;
  /** How it is cut; at its end by default. */
  cut?: (text: string, columns: number) => string;
  /** Applied to a cell after it was cut and padded, so that colours don't count. */
  paint?: (padded: string, text: string) => string;
}

export interface TableOptions {
  columns: number;
  indent?: number;
  paintTitle?: (text: string) => string;
}

const gap = '  ';
const columnsMinDefault = 8;

/** Rows as lines of at most so many columns: a title line, then a line a row. */
export function table(columns: Column[], rows: string[][], options: TableOptions): string[] {
  const indent = ' '.repeat(options.indent ?? 0);
  const widths = widthsOf(columns, rows, options.columns - indent.length);
  const line = (cells: string[], paint: (column: Column, padded: string, text: string) => string): string =>
    `${indent}${columns
      .map((column, index) => {
        const text = cells[index] ?? '';
        const width = widths[index] ?? 0;
        return paint(column, pad((column.cut ?? fit)(text, width), width, column.align), text);
      })
      .join(gap)}`.trimEnd();
  const titles = columns.map(({ title }) => title);
  const paintTitle = options.paintTitle ?? ((text: string) => text);
  return [
    line(titles, (_, padded) => paintTitle(padded)),
    ...rows.map((row) => line(row, (column, padded, text) => column.paint?.(padded, text) ?? padded)),
  ];
}

function widthsOf(columns: Column[], rows: string[][], available: number): number[] {
  const widths = columns.map(({ title }, index) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index] ?? ''))));
  const taken = (): number => widths.reduce((sum, width) => sum + width, 0) + gap.length * (columns.length - 1);
  const shrinking = columns.map((_, index) => index).filter((index) => columns[index]?.shrinks);
  while (taken() > available) {
    const widest = shrinking
      .filter((index) => (widths[index] ?? 0) > (columns[index]?.columnsMin ?? columnsMinDefault))
      .sort((one, other) => (widths[other] ?? 0) - (widths[one] ?? 0))[0];
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const padding = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'right' ? padding + text : text + padding;
}
