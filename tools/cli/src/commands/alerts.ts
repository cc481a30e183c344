import type { Client } from '@kintsugi/client';
import { withoutGaps, type AlertConditionView } from '@kintsugi/contracts';
import { alertsTable, conditionLines, conditionsTable, silencesTable, testLines } from '../alerts/alert-lines.js';
import { changesOf, newConditionOf, type ConditionOptions } from '../alerts/condition-of-options.js';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';

export interface AlertsOptions extends ConnectionOptions, ConditionOptions {
  subject?: string;
  minutes?: number;
  reason?: string;
  state?: 'pending' | 'firing' | 'resolved';
  limit: number;
  cursor?: string;
}

type AlertsAction =
  'list' | 'history' | 'conditions' | 'show' | 'create' | 'update' | 'test' | 'delete' | 'silences' | 'silence' | 'unsilence';

const advice = 'See ./kintsugi alerts --help';
/** Seconds of a silence unless somebody says how many minutes. */
const silenceSeconds = 3_600;
const lists: readonly AlertsAction[] = ['list', 'history', 'conditions', 'silences', 'silence'];

/** Lists what fires, and makes, shows, changes, tests, silences and ends conditions. */
export async function alerts(
  context: CommandContext,
  action: AlertsAction | undefined = 'list',
  name: string | undefined,
  options: AlertsOptions,
): Promise<ExitCode> {
  if (name === undefined && !lists.includes(action)) {
    const what = action === 'unsilence' ? 'Which silence? Give its id' : 'Which condition? Give its name';
    throw new Failure('USAGE', `${what} after "${action}".`, { advice });
  }
  const client = await connect(context, options);
  const which = name as string;
  switch (action) {
    case 'list':
    case 'history':
      return list(context, client, action, name, options);
    case 'conditions':
    case 'silences':
      return listOthers(context, client, action, options);
    case 'silence':
      return silence(context, client, name, options);
    case 'unsilence': {
      const gone = await client.deleteAlertSilence(which);
      context.output.result(gone, () => [`${gone.id} has ended.`]);
      return exitCodes.ok;
    }
    case 'test': {
      const tested = await client.testAlertCondition(which);
      context.output.result(tested, () => testLines(tested, context.output));
      return exitCodes.ok;
    }
    case 'delete': {
      const gone = await client.deleteAlertCondition(which);
      context.output.result(gone, () => [`${gone.name} is gone. What it had open is resolved.`]);
      return exitCodes.ok;
    }
    default: {
      const condition = await changed(client, action, which, options);
      context.output.result(condition, () => conditionLines(condition, context.output));
      return exitCodes.ok;
    }
  }
}

async function list(
  { output }: CommandContext,
  client: Client,
  action: 'list' | 'history',
  name: string | undefined,
  options: AlertsOptions,
): Promise<ExitCode> {
  const state = action === 'history' ? 'resolved' : options.state;
  const found = await client.listAlerts({
    ...pageOf(options),
    ...withoutGaps({ state, name }),
  });
  output.result(found, () => alertsTable(found.items, found.next_cursor, output));
  return exitCodes.ok;
}

async function listOthers(
  { output }: CommandContext,
  client: Client,
  what: 'conditions' | 'silences',
  options: AlertsOptions,
): Promise<ExitCode> {
  if (what === 'conditions') {
    const found = await client.listAlertConditions(pageOf(options));
    output.result(found, () => conditionsTable(found.items, found.next_cursor, output));
  } else {
    const found = await client.listAlertSilences(pageOf(options));
    output.result(found, () => silencesTable(found.items, found.next_cursor, output));
  }
  return exitCodes.ok;
}

async function silence(
  { output }: CommandContext,
  client: Client,
  condition: string | undefined,
  { subject, minutes, reason }: AlertsOptions,
): Promise<ExitCode> {
  if (reason === undefined) throw new Failure('USAGE', 'Why? Give --reason.', { advice });
  const made = await client.createAlertSilence({
    ...{ reason, for_s: minutes === undefined ? silenceSeconds : minutes * 60 },
    ...withoutGaps({ condition, subject }),
  });
  output.result(made, () => [`Nobody is told until ${made.until}. ./kintsugi alerts unsilence ${made.id} ends it.`]);
  return exitCodes.ok;
}

async function changed(
  client: Client,
  action: 'show' | 'create' | 'update',
  name: string,
  options: AlertsOptions,
): Promise<AlertConditionView> {
  if (action === 'show') return client.getAlertCondition(name);
  if (action === 'update') return client.updateAlertCondition({ name, ...changesOf(options) });
  return client.createAlertCondition(newConditionOf(name, options));
}

function pageOf({ limit, cursor }: AlertsOptions): { limit: number; cursor?: string } {
  return { limit, ...withoutGaps({ cursor }) };
}
