import type { RetryCondition, RetryConfig, RetryConfigDetails, RetryConfigDiff, RetryTrial } from '@kintsugi/contracts';
import type { Output } from '../terminal/output.js';
import { ago, count, duration } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { harmless, wrap } from '../terminal/text-width.js';
import { conditionText } from './condition-words.js';

type Screen = Pick<Output, 'paint' | 'columns' | 'rowColumns'>;

/** The error type that stands for every one that has no config of its own. */
export const allOthers = '*';

type Row = RetryConfig & { version?: number };

/** Policies, a line each. */
export function policyListLines(configs: Row[], { rowColumns, paint }: Screen): string[] {
  return table(
    [
      { title: 'ERROR TYPE', shrinks: true },
      { title: 'RUNS', align: 'right' },
      { title: 'FIRST DELAY', align: 'right' },
      { title: 'LONGEST', align: 'right' },
      { title: 'FACTOR', align: 'right' },
      { title: 'RULES', align: 'right' },
      { title: 'VERSION', align: 'right' },
    ],
    configs.map((config) => [
      config.error_type === allOthers ? '* (all others)' : harmless(config.error_type),
      count(config.max_attempts),
      duration(config.initial_delay * 1000),
      duration(config.max_delay * 1000),
      String(config.backoff_factor),
      rulesCount(config),
      config.version === undefined ? '' : String(config.version),
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
}

function rulesCount({ rules = [], retry_conditions }: RetryConfig): string {
  const all = rules.length + retry_conditions.length;
  return all === 0 ? '' : count(all);
}

/** One policy whole, with its versions. */
export function policyLines({ error_type, holds, history }: RetryConfigDetails, screen: Screen): string[] {
  const { paint, columns } = screen;
  const own = holds.error_type === error_type;
  const of = holds.error_type === allOthers ? 'all others' : holds.error_type;
  const now = Date.now();
  return [
    paint.bold(harmless(error_type)) + (own ? '' : `  as ${harmless(of)}`),
    ...item(`${count(holds.max_attempts)} runs in all; ${delayWords(holds)}`, columns),
    ...(holds.max_retry_after === undefined
      ? []
      : item(`a failure may ask for up to ${duration(holds.max_retry_after * 1000)}`, columns)),
    ...(holds.rules ?? []).flatMap(({ when, action, reason }, index) =>
      item(`rule ${index + 1}: ${action} if ${conditionsText(when)}${reason === undefined ? '' : ` (${reason})`}`, columns),
    ),
    ...(holds.retry_conditions.length > 0 ? item(`retried while ${conditionsText(holds.retry_conditions)}`, columns) : []),
    ...(history.length > 0 ? ['', 'Versions:'] : []),
    ...history.flatMap(({ version, config, changed_at, changed_by, reverted_to }) =>
      item(
        `${version}. ${config ? 'set' : 'taken back'} by ${changed_by}, ${ago(changed_at, now)}` +
          (reverted_to === undefined ? '' : `, as version ${reverted_to}`),
        columns,
      ),
    ),
  ];
}

function delayWords({ initial_delay, max_delay, backoff_factor, jitter }: RetryConfig): string {
  const drawn = jitter === undefined ? '' : `, jitter ${jitter}`;
  return `the first retry after ${duration(initial_delay * 1000)}, each next ${backoff_factor} times later, up to ${duration(max_delay * 1000)}${drawn}`;
}

function conditionsText(conditions: readonly RetryCondition[]): string {
  return conditions.map(conditionText).join(' and ');
}

/** What differs between two versions, as a diff reads. */
export function policyDiffLines({ error_type, from, to, changes }: RetryConfigDiff, { paint, columns }: Screen): string[] {
  const head = `${harmless(error_type)}: ${from === null ? 'nothing' : `version ${from}`} -> version ${to}`;
  if (changes.length === 0) return [head, '  nothing differs'];
  const shown = (sign: string, path: string, value: unknown): string[] =>
    value === undefined
      ? []
      : wrap(harmless(`${path} ${JSON.stringify(value)}`), columns - 4).map((line, row) => `${row === 0 ? sign : ' '} ${line}`);
  return [
    head,
    ...changes.flatMap(({ path, before, after }) => [
      ...shown('-', path, before).map(paint.red),
      ...shown('+', path, after).map(paint.green),
    ]),
  ];
}

const outcomes: Record<RetryTrial['decision'], string> = {
  retry: 'It would be retried.',
  fail_task: 'It would not be retried: the task is given up.',
  fail_job: 'It would not be retried, and the whole job would fail.',
  quarantine: 'It would be quarantined, and wait for a person.',
  wait_for_person: 'It would wait for a person.',
};

/** What would become of an error, step by step. */
export function trialLines(trial: RetryTrial, { paint, columns }: Screen): string[] {
  const { steps, conditions, schedule } = trial;
  const painted = trial.decision === 'retry' ? paint.green : paint.yellow;
  return [
    `${paint.bold(harmless(trial.error_type))}  ${painted(outcomes[trial.decision])}`,
    ...steps.flatMap((step) => item(step, columns)),
    ...(conditions.length > 0 ? ['', 'Conditions:'] : []),
    ...conditions.flatMap(({ of, field, operator, value, actual, holds, comparable }) => {
      const result = holds ? 'holds' : comparable ? 'does not hold' : 'cannot be compared, so it does not hold';
      return item(`${of}: ${field} ${operator} ${JSON.stringify(value)}: ${result} (${JSON.stringify(actual)})`, columns);
    }),
    ...(schedule.length > 0 ? ['', 'If every run failed so:'] : []),
    ...schedule.flatMap(({ attempt, from_s, to_s }) =>
      item(`run ${attempt} after ${from_s === to_s ? '' : `${duration(from_s * 1000)} to `}${duration(to_s * 1000)}`, columns),
    ),
  ];
}

function item(text: string, columns: number): string[] {
  return wrap(harmless(text), columns - 4).map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`);
}
