import { readFile } from 'node:fs/promises';
import type { Client } from '@kintsugi/client';
import type { ActionInput, Jitter, RetryConfig } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { KeyValue } from '../option-values.js';
import { conditionOf, noneWord, ruleOf } from '../policies/condition-words.js';
import { allOthers, policyDiffLines, policyLines, policyListLines, trialLines } from '../policies/policy-lines.js';
import type { Output } from '../terminal/output.js';
import { harmless, wrap } from '../terminal/text-width.js';

export interface PolicyOptions extends ConnectionOptions {
  maxAttempts?: number;
  initialDelay?: number;
  maxDelay?: number;
  backoff?: number;
  jitter?: Jitter;
  maxRetryAfter?: number;
  when?: string[];
  rule?: string[];
  file?: string;
  from?: number;
  to?: number;
  message?: string;
  attempt?: number;
  label?: KeyValue[];
}

type PolicyAction = 'list' | 'show' | 'set' | 'unset' | 'diff' | 'revert' | 'test';

/** Shows, sets, compares, tries and takes back how failures of an error type are retried. */
export async function policy(
  context: CommandContext,
  action: PolicyAction,
  target: string | undefined,
  options: PolicyOptions,
): Promise<ExitCode> {
  const { output } = context;
  if (action !== 'list' && target === undefined) {
    throw new Failure('USAGE', `Of which error type? Give it after "${action}", such as smtp.451.`, {
      advice: 'See ./kintsugi policy --help',
    });
  }
  const client = await connect(context, options);
  await actions[action](client, target ?? '', options, output);
  return exitCodes.ok;
}

type Act = (client: Client, target: string, options: PolicyOptions, output: Output) => Promise<void>;

const actions: Record<PolicyAction, Act> = {
  async list(client, _target, _options, output) {
    const configs = await client.listRetryConfigs();
    // What is set for all others is told once, as what holds for them.
    const ofTypes = configs.items.filter(({ error_type }) => error_type !== allOthers);
    const ofAllOthers = configs.items.find(({ error_type }) => error_type === allOthers);
    output.result(configs, () => policyListLines([ofAllOthers ?? configs.default, ...ofTypes], output));
  },
  async show(client, errorType, _options, output) {
    const details = await client.getRetryConfig(errorType);
    output.result(details, () => policyLines(details, output));
  },
  async set(client, errorType, options, output) {
    const config = await configOf(client, errorType, options);
    const receipt = await client.configureRetry({ error_type: errorType, config });
    output.result(receipt, () => policyListLines([{ ...receipt.config, version: receipt.version }], output));
  },
  async unset(client, errorType, _options, output) {
    const receipt = await client.unsetRetry({ error_type: errorType });
    const words = receipt.removed ? 'is taken back' : 'had not been set';
    output.result(receipt, () => [
      ...wrap(`${harmless(errorType)} ${words}. From the next failure on this holds for it:`, output.columns),
      ...policyListLines([receipt.config], output),
    ]);
  },
  async diff(client, errorType, { from, to }, output) {
    const versions = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    const diff = await client.diffRetryConfig({ error_type: errorType, ...versions });
    output.result(diff, () => policyDiffLines(diff, output));
  },
  async revert(client, errorType, { to }, output) {
    const receipt = await client.revertRetry({ error_type: errorType, ...(to === undefined ? {} : { to }) });
    const words =
      receipt.reverted_to === 0 ? 'is taken back, as before its first version' : `is as in version ${receipt.reverted_to}`;
    output.result(receipt, () => [
      ...wrap(`${harmless(errorType)} ${words} again. From the next failure on this holds for it:`, output.columns),
      ...policyListLines([receipt.config], output),
    ]);
  },
  async test(client, target, options, output) {
    const trial = await client.testRetry(await trialOf(client, target, options));
    output.result(trial, () => trialLines(trial, output));
  },
};

async function trialOf(client: Client, target: string, options: PolicyOptions): Promise<ActionInput<'testRetry'>> {
  const { message, attempt, label } = options;
  const isRecord = target.startsWith('err_');
  const errorType = isRecord ? (await client.getError(target)).error_type : target;
  const config = changesPolicy(options) ? { config: await configOf(client, errorType, options) } : {};
  if (isRecord) return { error_record_id: target, ...config };
  const error = {
    error_type: errorType,
    ...(message === undefined ? {} : { error_message: message }),
    ...(attempt === undefined ? {} : { attempt }),
    ...(label ? { labels: Object.fromEntries(label.map(({ key, value }) => [key, value])) } : {}),
  };
  return { error, ...config };
}

function changesPolicy({ maxAttempts, initialDelay, maxDelay, backoff, jitter, maxRetryAfter, when, rule, file }: PolicyOptions) {
  return [maxAttempts, initialDelay, maxDelay, backoff, jitter, maxRetryAfter, when, rule, file].some(
    (given) => given !== undefined,
  );
}

/** The policy that the options amount to, over what holds for the error type. */
async function configOf(client: Client, errorType: string, options: PolicyOptions): Promise<RetryConfig> {
  if (options.file !== undefined) return { ...(await configIn(options.file)), error_type: errorType };
  const { holds: before, history } = await client.getRetryConfig(errorType);
  // Conditions and rules of a prefix were not written for this type alone: they hold on where they are copied with it.
  const base = history[0]?.config ?? before;
  const rules = options.rule && partsOf(options.rule, ruleOf);
  return {
    ...base,
    error_type: errorType,
    max_attempts: options.maxAttempts ?? base.max_attempts,
    initial_delay: options.initialDelay ?? base.initial_delay,
    max_delay: options.maxDelay ?? Math.max(base.max_delay, options.initialDelay ?? 0),
    backoff_factor: options.backoff ?? base.backoff_factor,
    ...(options.jitter === undefined ? {} : { jitter: options.jitter }),
    ...(options.maxRetryAfter === undefined ? {} : { max_retry_after: options.maxRetryAfter }),
    ...(options.when ? { retry_conditions: partsOf(options.when, conditionOf) } : {}),
    ...(rules ? { rules } : {}),
  };
}

function partsOf<Part>(texts: readonly string[], read: (text: string) => Part): Part[] {
  return texts.length === 1 && texts[0] === noneWord ? [] : texts.map(read);
}

async function configIn(file: string): Promise<RetryConfig> {
  const text = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8').catch(() => {
    throw new Failure('USAGE', `${harmless(file)} cannot be read.`, { advice: 'See ./kintsugi policy --help' });
  });
  try {
    return JSON.parse(text) as RetryConfig;
  } catch {
    throw new Failure('USAGE', `${harmless(file)} holds no JSON.`, { advice: 'See ./kintsugi policy --help' });
  }
}
