import type { DashboardName } from '../alerts/alert.js';

/** What a panel shows: one figure or lines over time. */
export interface PanelSpec {
  kind: 'stat' | 'timeseries';
  title: string;
  description: string;
  /** As Grafana names units, such as `s`, `ops`, `percentunit`. */
  unit: string;
  queries: readonly Query[];
  /** Of the twenty-four columns of a dashboard. @default 6 for a figure, 12 for lines */
  columns?: number;
}

interface Query {
  expr: string;
  legend: string;
}

/** A variable that the viewer chooses, from the values of a label. */
interface VariableSpec {
  name: string;
  label: string;
  values: string;
  many: boolean;
}

export interface DashboardSpec {
  name: DashboardName;
  title: string;
  description: string;
  variables: readonly VariableSpec[];
  rows: readonly { title: string; panels: readonly PanelSpec[] }[];
}

/** In which Grafana puts an interval that fits what is on the screen and how often Prometheus scrapes. */
export const rateWindow = '$__rate_interval';

type PanelText = Pick<PanelSpec, 'title' | 'description' | 'unit'>;

export function stat(text: PanelText, expr: string): PanelSpec {
  return { kind: 'stat', ...text, queries: [{ expr, legend: text.title }] };
}

/** @param queries expressions by the legend of their lines */
export function lines(text: PanelText, queries: Record<string, string>): PanelSpec {
  return { kind: 'timeseries', ...text, queries: Object.entries(queries).map(([legend, expr]) => ({ expr, legend })) };
}

/** Lines of the median and of what one in twenty and one in a hundred exceed. */
export function quantiles(text: PanelText, histogram: string, selector = ''): PanelSpec {
  const quantile = (share: number): string =>
    `histogram_quantile(${share}, sum by (le) (rate(${histogram}_bucket${selector}[${rateWindow}])))`;
  return lines(text, { 'half of them': quantile(0.5), '95 in 100': quantile(0.95), '99 in 100': quantile(0.99) });
}

export const typeVariable: VariableSpec = {
  name: 'type',
  label: 'Job type',
  values: 'label_values(kintsugi_jobs_accepted_total, type)',
  many: true,
};
