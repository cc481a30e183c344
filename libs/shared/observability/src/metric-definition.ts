/** What a metric means, its labels and which processes count it. */
export interface MetricDefinition {
  kind: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
  emittedBy: readonly string[];
  buckets?: readonly number[];
}
