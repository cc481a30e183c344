import type { Client } from '@kintsugi/client';
import type { RetryConfig } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { Output } from '../terminal/output.js';
import { count, duration } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { harmless } from '../terminal/text-width.js';

export interface RetryConfigOptions extends ConnectionOptions {
  maxAttempts?: number;
  initialDelay?: number;
  maxDelay?: number;
  backoff?: number;
}

/** Lists the retry configs, or sets the one of an error type. */
export async function retryConfig(
  context: CommandContext,
  action: 'list' | 'set',
  errorType: string | undefined,
  options: RetryConfigOptions,
): Promise<ExitCode> {
  const client = await connect(context, options);
  return action === 'list' ? list(client, context.output) : set(client, errorType, options, context.output);
}

async function list(client: Client, output: Output): Promise<ExitCode> {
  const configs = await client.listRetryConfigs();
  output.result(configs, () => linesOf([configs.default, ...configs.items], output));
  return exitCodes.ok;
}

async function set(
  client: Client,
  errorType: string | undefined,
  options: RetryConfigOptions,
  output: Output,
): Promise<ExitCode> {
  if (errorType === undefined) {
    throw new Failure('USAGE', 'Of which error type? Give it after "set", such as smtp.451.', {
      advice: 'See ./kintsugi retry-config --help',
    });
  }
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

function linesOf(configs: RetryConfig[], { columns, paint }: Output): string[] {
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
      config.error_type === '*' ? '* (all others)' : harmless(config.error_type),
      count(config.max_attempts),
      duration(config.initial_delay * 1000),
      duration(config.max_delay * 1000),
      String(config.backoff_factor),
      config.retry_conditions.length === 0 ? '' : count(config.retry_conditions.length),
    ]),
    { columns, paintTitle: paint.dim },
  );
}
