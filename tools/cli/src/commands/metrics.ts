import type { JobMetricName } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { metricLines } from '../jobs/metric-lines.js';
import { periodOf, type PeriodOptions } from '../period-options.js';

export interface MetricsOptions extends ConnectionOptions, PeriodOptions {
  metric?: JobMetricName[];
  interval?: string;
}

/** Shows what jobs used over time. */
export async function metrics(context: CommandContext, ids: string[], options: MetricsOptions): Promise<ExitCode> {
  const { metric, interval, from, to } = options;
  const period = periodOf(options);
  const client = await connect(context, options);
  const answer = await client.getJobMetrics({
    job_ids: ids,
    ...(metric === undefined ? {} : { metrics: metric }),
    ...(interval === undefined ? {} : { interval }),
    ...(from === undefined || !period ? {} : { start_time: period.start }),
    ...(to === undefined || !period ? {} : { end_time: period.end }),
  });
  context.output.result(answer, () => metricLines(answer, context.output));
  return exitCodes.ok;
}
