import { readFile } from 'node:fs/promises';
import type { Client } from '@kintsugi/client';
import type { ScheduleView } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { scheduleLines, schedulesTable } from '../jobs/schedule-lines.js';

export interface SchedulesOptions extends ConnectionOptions {
  cron?: string;
  every?: number;
  timeZone?: string;
  catchUp?: ScheduleView['catch_up'];
  overlap?: ScheduleView['overlap'];
  jitter?: number;
  job?: string;
  limit: number;
  cursor?: string;
}

type ScheduleAction = 'list' | 'show' | 'create' | 'update' | 'pause' | 'resume' | 'trigger' | 'delete';

/** Lists schedules, and makes, shows, changes and ends one. */
export async function schedules(
  context: CommandContext,
  action: ScheduleAction,
  name: string | undefined,
  options: SchedulesOptions,
): Promise<ExitCode> {
  const { output } = context;
  if (action !== 'list' && name === undefined) {
    throw new Failure('USAGE', `Which schedule? Give its name after "${action}".`, { advice: 'See ./kintsugi schedules --help' });
  }
  const client = await connect(context, options);
  if (action === 'list') {
    const { limit, cursor } = options;
    const page = await client.listSchedules({ limit, ...(cursor === undefined ? {} : { cursor }) });
    output.result(page, () => schedulesTable(page.items, page.next_cursor, output));
  } else if (action === 'trigger') {
    const receipt = await client.triggerSchedule(name as string);
    output.result(receipt, () => [`Its job is ${receipt.job_id}.`]);
  } else if (action === 'delete') {
    const gone = await client.deleteSchedule(name as string);
    output.result(gone, () => [`${gone.name} is gone. Its jobs stay.`]);
  } else {
    const schedule = await changed(client, action, name as string, options);
    output.result(schedule, () => scheduleLines(schedule, output));
  }
  return exitCodes.ok;
}

async function changed(
  client: Client,
  action: Exclude<ScheduleAction, 'list' | 'trigger' | 'delete'>,
  name: string,
  options: SchedulesOptions,
): Promise<ScheduleView> {
  switch (action) {
    case 'show':
      return client.getSchedule(name);
    case 'pause':
      return client.pauseSchedule(name);
    case 'resume':
      return client.resumeSchedule(name);
    case 'update':
      return client.updateSchedule({ name, ...rulesOf(options), ...(options.job ? { job: await jobOf(options.job) } : {}) });
    case 'create':
      if (options.job === undefined) {
        throw new Failure('USAGE', 'Which job? Name the JSON file of it with --job.', {
          advice: 'See ./kintsugi schedules --help',
        });
      }
      return client.createSchedule({ name, ...rulesOf(options), job: await jobOf(options.job) });
  }
}

function rulesOf({ cron, every, timeZone, catchUp, overlap, jitter }: SchedulesOptions) {
  return {
    ...(cron === undefined ? {} : { cron }),
    ...(every === undefined ? {} : { every_s: every }),
    ...(timeZone === undefined ? {} : { time_zone: timeZone }),
    ...(catchUp === undefined ? {} : { catch_up: catchUp }),
    ...(overlap === undefined ? {} : { overlap }),
    ...(jitter === undefined ? {} : { jitter_s: jitter }),
  };
}

async function jobOf(file: string): Promise<ScheduleView['job']> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new Failure('USAGE', `${file} can't be read: ${(error as Error).message}.`, {
      advice: 'Give the path of a JSON file with the fields of createJob.',
    });
  }
  try {
    return JSON.parse(text) as ScheduleView['job'];
  } catch (error) {
    throw new Failure('USAGE', `${file} holds no JSON: ${(error as Error).message}.`, {
      advice: 'It should hold one object with the fields of createJob.',
    });
  }
}
