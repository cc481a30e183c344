import type { ActionInput } from '@kintsugi/contracts';
import { Failure } from '../failure.js';
import { harmless } from '../terminal/text-width.js';

type Condition = NonNullable<ActionInput<'recoverGroup'>['when']>[number];

const forms = ['approval [ROLE]', 'dependency TYPE [SECONDS]', 'job ID [completed|ended]', 'window HH:MM-HH:MM [ZONE]'];

/** What a recovery is to wait for, as people write it: `window 22:00-06:00 Europe/Berlin`. */
export function recoveryConditionOf(text: string): Condition {
  const [kind, first, second, ...rest] = text.trim().split(/\s+/);
  if (rest.length > 0) throw misread(text);
  if (kind === 'approval' && second === undefined) {
    return { kind, ...(first === undefined ? {} : { role: first as 'operator' | 'admin' }) };
  }
  if (first === undefined) throw misread(text);
  if (kind === 'dependency' && /^\d*$/.test(second ?? '')) {
    return { kind, error_type: first, ...(second === undefined ? {} : { quiet_seconds: Number(second) }) };
  }
  if (kind === 'job') {
    return { kind, job_id: first, ...(second === undefined ? {} : { status: second as 'completed' | 'ended' }) };
  }
  const [, from, to] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(first) ?? [];
  if (kind !== 'window' || from === undefined || to === undefined) throw misread(text);
  return { kind, from, to, ...(second === undefined ? {} : { time_zone: second }) };
}

function misread(text: string): Failure {
  return new Failure(
    'USAGE',
    `${harmless(text)} is nothing that a recovery can wait for: ${forms.join('; ')}. Nothing was run.`,
    {
      advice: 'See ./kintsugi recover --help',
    },
  );
}
