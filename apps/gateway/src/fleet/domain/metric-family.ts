/** A metric with its samples, as a process gives its own. */
export interface MetricFamily {
  name: string;
  help: string;
  type: string;
  values: { metricName?: string; labels: Record<string, string | number>; value: number | null }[];
}

/** The metrics of one process. */
export interface ProcessFigures {
  service: string;
  instance: string;
  version?: string | undefined;
  /** In force, without their secrets. */
  settings?: Record<string, string> | undefined;
  families: readonly MetricFamily[];
}

/** The samples of a metric, of all of the processes that have it. */
export function valuesIn(figures: readonly ProcessFigures[], name: string): MetricFamily['values'] {
  return figures.flatMap(({ families }) => families.filter((family) => family.name === name).flatMap(({ values }) => values));
}
