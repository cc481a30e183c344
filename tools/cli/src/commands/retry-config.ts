import type { Client } from '@kintsugi/client';
import type { RetryConfig } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { Output } from '../terminal/output.js';
import { count, duration } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { harmless, wrap } from '../terminal/text-width.js';

/** The error type that stands for every one that has no config of its own. */
const allOthers = '*';

export interface RetryConfigOptions extends ConnectionOptions {
  maxAttempts?: number;
  initialDelay?: number;
  maxDelay?: number;
  backoff?: number;
}

/** Lists the retry configs, or sets the one of an error type, or takes it back. */
export async function retryConfig(
  context: CommandContext,
  action: 'list' | 'set' | 'unset',
  errorType: string | undefined,
  options: RetryConfigOptions,
): Promise<ExitCode> {
  const client = await connect(context, options);
  if (action === 'list') return list(client, context.output);
  if (errorType === undefined) {
    throw new Failure('USAGE', `Of which error type? Give it after "${action}", such as smtp.451.`, {
      advice: 'See ./kintsugi retry-config --help',
    });
  }
  return action === 'set' ? set(client, errorType, options, context.output) : unset(client, errorType, context.output);
}

async function list(client: Client, output: Output): Promise<ExitCode> {
  const configs = await client.listRetryConfigs();
  // What is set for all others is told once, as what holds for them.
  const ofTypes = configs.items.filter(({ error_type }) => error_type !== allOthers);
  output.result(configs, () => linesOf([configs.default, ...ofTypes], output));
  return exitCodes.ok;
}

async function set(client: Client, errorType: string, options: RetryConfigOptions, output: Output): Promise<ExitCode> {
  const known = await client.listRetryConfigs();
  const before = known.items.find(({ error_type }) => error_type === errorType) ?? known.default;
  const config: RetryConfig = {
    ...before,
    error_type: errorType,
    max_attempts: options.maxAttempts ?? before.max_attempts,
    initial_delay: options.initialDelay ?? before.initial_delay,
    max_delay: options.maxDelay ?? Math.max(before.max_delay, options.initialDelay ?? 0),
    backoff_factor: options.backoff ?? before.backoff_factor,
  };
  const receipt = await client.configureRetry({ error_type: errorType, config });
  output.result(receipt, () => linesOf([receipt.config], output));
  return exitCodes.ok;
}

async function unset(client: Client, errorType: string, output: Output): Promise<ExitCode> {
  const receipt = await client.unsetRetry({ error_type: errorType });
  const words = receipt.removed ? 'is taken back' : 'had not been set';
  output.result(receipt, () => [
    ...wrap(`${harmless(errorType)} ${words}. From the next failure on this holds for it:`, output.columns),
    ...linesOf([receipt.config], output),
  ]);
  return exitCodes.ok;
}

function linesOf(configs: RetryConfig[], { rowColumns, paint }: Output): string[] {
  return table(
    [
      { title: 'ERROR TYPE', shrinks: true },
      { title: 'RUNS', align: 'right' },
      { title: 'FIRST DELAY', align: 'right' },
      { title: 'LONGEST', align: 'right' },
      { title: 'FACTOR', align: 'right' },
      { title: 'CONDITIONS', align: 'right' },
    ],
    configs.map((config) => [
      config.error_type === allOthers ? '* (all others)' : harmless(config.error_type),
      count(config.max_attempts),
      duration(config.initial_delay * 1000),
      duration(config.max_delay * 1000),
      String(config.backoff_factor),
      config.retry_conditions.length === 0 ? '' : count(config.retry_conditions.length),
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
}
