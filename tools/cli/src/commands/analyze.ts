import type { FailureAnalysis } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { analysisLines } from '../errors/analysis-lines.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { periodOf } from '../period-options.js';

export interface AnalyzeOptions extends ConnectionOptions {
  from?: string;
  to?: string;
  errorType?: string[];
  job?: string[];
}

/** Says what failed, what became of it and how much retries helped. */
export async function analyze(context: CommandContext, options: AnalyzeOptions): Promise<ExitCode> {
  const { errorType, job } = options;
  const period = periodOf(options);
  const client = await connect(context, options);
  const analysis: FailureAnalysis = await client.analyzeErrors({
    ...(period ? { period } : {}),
    ...(errorType ? { error_types: errorType } : {}),
    ...(job ? { job_ids: job } : {}),
  });
  context.output.result(analysis, () => analysisLines(analysis, context.output));
  return exitCodes.ok;
}
