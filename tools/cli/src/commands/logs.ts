import type { Client } from '@kintsugi/client';
import { withoutGaps, type ActionInput, type LogLevel, type LogLine, type LogStream } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { Interruption } from '../interruption.js';
import { logLines } from '../logs/log-lines.js';
import { timeOf } from '../period-options.js';
import type { Output } from '../terminal/output.js';

export interface LogsOptions extends ConnectionOptions {
  follow?: boolean;
  task?: string;
  attempt?: number;
  stream?: LogStream;
  level?: LogLevel;
  grep?: string;
  since?: string;
  until?: string;
  last?: number;
  text?: boolean;
  platform?: boolean;
  process?: string;
}

type Query = Omit<ActionInput<'readJobLog'>, 'job_id'>;

const pageLines = 1_000;

/** Shows what the tasks of a job have written; with --follow also what they go on to write, until the job is over. */
export async function logs(context: CommandContext, jobId: string | undefined, options: LogsOptions): Promise<ExitCode> {
  if (options.platform) return (await import('./platform-logs.js')).platformLogs(context, options);
  if (jobId === undefined) {
    throw new Failure('USAGE', 'No job is given.', {
      advice: 'Name one: ./kintsugi logs ID. ./kintsugi jobs lists them. --platform shows the logs of the platform itself.',
    });
  }
  const client = await connect(context, options);
  const query = queryOf(options);
  const show = (lines: readonly LogLine[]): void => told(lines, options, context.output);
  if (options.follow) await followed(client, jobId, query, show);
  else await read(client, jobId, query, show);
  return exitCodes.ok;
}

async function read(client: Client, jobId: string, query: Query, show: (lines: readonly LogLine[]) => void): Promise<void> {
  for (let cursor: string | undefined; ;) {
    const page = await client.readLog(jobId, { limit: pageLines, ...query, ...(cursor ? { cursor } : {}) });
    show(page.lines);
    if (page.at_end || page.next_cursor === null) return;
    cursor = page.next_cursor;
  }
}

/** Ctrl-C ends the following, and nothing else. */
async function followed(client: Client, jobId: string, query: Query, show: (lines: readonly LogLine[]) => void): Promise<void> {
  const interruption = new Interruption();
  try {
    for await (const lines of client.followLog(jobId, query, { signal: interruption.signal })) show(lines);
  } catch (error) {
    if (!interruption.happened) throw error;
  } finally {
    interruption.release();
  }
}

function told(lines: readonly LogLine[], { text }: LogsOptions, output: Output): void {
  if (output.json) output.outcome(lines.map((line) => JSON.stringify(line)));
  else if (text) for (const line of lines) output.pass('stdout', `${line.text}${line.partial ? '' : '\n'}`);
  else output.outcome(logLines(lines, output.paint));
}

function queryOf({ task, attempt, stream, level, grep, since, until, last }: LogsOptions): Query {
  const given = {
    task_id: task,
    ...{ attempt, stream, level, last },
    text: grep,
    since: since === undefined ? undefined : timeOf(since, '--since', 0),
    until: until === undefined ? undefined : timeOf(until, '--until', 0),
  };
  return withoutGaps(given);
}
