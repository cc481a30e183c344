import {
  ProblemError,
  auditRuleOf,
  auditedThings,
  operations,
  validate,
  type ActionName,
  type AuditEntry,
  type AuditRule,
} from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { willPass } from '@kintsugi/persistence';
import { CallEnds, type AuditLog, type AuditNote } from '@kintsugi/persistence/audit';
import { picked, type Seen } from './picked.js';

/** What somebody asks to have changed. */
export interface AuditedCall extends Origin {
  action: string;
  data: unknown;
}

/** Where it is written of calls. */
export interface CallLog {
  /** Resolves once it is safe; rejects where that is not sure. */
  append(note: AuditNote): Promise<Pick<AuditEntry, 'seq'>>;
  appendSurely(note: AuditNote): Promise<void>;
}

/** Asks a read of the service itself, as somebody; rejects as it does. */
export type OwnRead = (action: ActionName, data: object, origin: Origin) => Promise<unknown>;

/** What is the same in all entries of a call. */
type Said = Pick<AuditNote, 'action' | 'given'> & { tenant: string | null; subjects: string[] };

/**
 * Writes of each call that changes something: first that it was asked for, by whom and how things were, and only then is it carried
 * out; behind it what became of it. A call that cannot be written down is not carried out. One that was cut off gets its end at the next start.
 */
export class AuditedCalls {
  private readonly ends = new CallEnds();

  constructor(
    private readonly log: CallLog,
    private readonly read: OwnRead,
  ) {}

  async run<Result>(call: AuditedCall, execute: () => Promise<Result>): Promise<Result> {
    const rule = auditRuleOf(call.action);
    if (!rule || !isKept(rule, call)) return execute();
    const before = await this.look(rule, call.data, call);
    const said = saidOf(rule, call, before);
    const { seq } = await this.log.append(askedOf(call, said, before));
    const end = { ...entryOf(call, said), call: seq, before };
    try {
      const result = await execute();
      const seen = await this.lookAfterwards(rule, call.data, call);
      const after = rule.told ? { ...seen, ...picked(result, rule.told) } : seen;
      await this.log.appendSurely({ ...withTenant(withSubjects(end, rule, result), after), phase: 'done', after, problem: null });
      return result;
    } catch (error) {
      this.ends.later(() => this.noteFailure(rule, call, end, error));
      throw error;
    }
  }

  /** Writes of a call that was refused before anybody looked at what it is about. */
  async refused(call: AuditedCall, { code: problem }: ProblemError): Promise<void> {
    const rule = auditRuleOf(call.action);
    if (!rule || !isKept(rule, call)) return;
    const said = saidOf(rule, call, null);
    const { seq } = await this.log.append(askedOf(call, said, null));
    const end = { ...entryOf(call, said), call: seq, before: null, after: null };
    this.ends.later(() => this.log.appendSurely({ ...end, phase: 'refused', problem }));
  }

  /** Resolves once what became of each call is written, or cannot be. */
  settled(): Promise<void> {
    return this.ends.settled();
  }

  /** Writes an end to the calls of a log that were cut off. */
  endOpenCalls(log: AuditLog): Promise<void> {
    return this.ends.endOpen(log, (asked) => {
      const [by] = asked.by;
      const rule = auditRuleOf(asked.action);
      if (!by || !rule) return null;
      const origin = { actor: by.actor, requestId: by.request_id ?? '' };
      const data = Object.fromEntries(rule.named.slice(0, 1).map((name) => [name, by.subjects[0]]));
      return () => this.look(rule, data, origin);
    });
  }

  private async noteFailure(
    rule: AuditRule,
    call: AuditedCall,
    end: Omit<AuditNote, 'phase' | 'after' | 'problem'>,
    error: unknown,
  ): Promise<void> {
    const problem = error instanceof ProblemError ? error.code : willPass(error) ? 'STORE_UNAVAILABLE' : 'INTERNAL';
    // Whatever is no refusal may have changed something before it came up.
    const isRefused = error instanceof ProblemError && problem !== 'INTERNAL' && !willPass(error);
    const after = isRefused ? null : await this.lookAfterwards(rule, call.data, call);
    await this.log.appendSurely({ ...end, phase: isRefused ? 'refused' : 'unknown', after, problem });
  }

  private lookAfterwards(rule: AuditRule, data: unknown, origin: Origin): Promise<Seen> {
    return this.ends.lookAfterwards(() => this.look(rule, data, origin));
  }

  /** How that stands which a call is about; null where it is not there, for him who asks. */
  private async look({ thing, named }: AuditRule, data: unknown, origin: Origin): Promise<Seen> {
    if (!thing) return null;
    const { look, key, fields } = auditedThings[thing];
    const name = valueOf(data, named[0]);
    if (name === undefined) return null;
    try {
      return picked(await this.read(look, { [key]: name }, origin), fields);
    } catch (error) {
      if (error instanceof ProblemError && error.status === 404) return null;
      throw error;
    }
  }
}

function isKept(rule: AuditRule, call: AuditedCall): boolean {
  return !isOfItself(rule, call) && isWellFormed(call) && !isDry(rule, call.data);
}

/** What its contract refuses changes nothing, and is told by whoever answers it. */
function isWellFormed({ action, data }: AuditedCall): boolean {
  if (!Object.hasOwn(operations, action)) return false;
  try {
    validate(operations[action as ActionName].request, data);
    return true;
  } catch {
    return false;
  }
}

function isOfItself({ ofPeople }: AuditRule, { actor }: AuditedCall): boolean {
  return ofPeople === true && (actor.door === 'worker' || actor.door === 'service');
}

function isDry({ dry }: AuditRule, data: unknown): boolean {
  if (dry === undefined) return false;
  const given = data as Record<string, unknown> & { job?: Record<string, unknown> };
  return given[dry] === true || given.job?.[dry] === true;
}

function saidOf({ named, given }: AuditRule, { action, data, actor }: AuditedCall, before: Seen): Said {
  const subjects = named.flatMap((name) => valueOf(data, name) ?? []).slice(0, 1);
  return { action, subjects, given: picked(data, given), tenant: tenantIn(before) ?? actor.tenant };
}

function entryOf({ actor, requestId }: AuditedCall, { action, given, tenant, subjects }: Said) {
  return { action, given, by: [{ actor, tenant, request_id: requestId, subjects }] };
}

function askedOf(call: AuditedCall, said: Said, before: Seen): AuditNote {
  return { ...entryOf(call, said), phase: 'asked', call: null, before, after: null, problem: null };
}

/** What it was about may be known only from the answer. */
function withSubjects<End extends Pick<AuditNote, 'by'>>(end: End, { about }: AuditRule, result: unknown): End {
  const told = about === undefined ? undefined : (result as Record<string, unknown> | null)?.[about];
  if (!Array.isArray(told)) return end;
  return { ...end, by: end.by.map((part) => ({ ...part, subjects: told.map(String) })) };
}

/** Whose it is may be known only once it is there. */
function withTenant<End extends Pick<AuditNote, 'by' | 'before'>>(end: End, after: Seen): End {
  const tenant = tenantIn(end.before) ?? tenantIn(after);
  return tenant === undefined ? end : { ...end, by: end.by.map((part) => ({ ...part, tenant })) };
}

function tenantIn(seen: Seen): string | undefined {
  return typeof seen?.['tenant'] === 'string' ? seen['tenant'] : undefined;
}

function valueOf(data: unknown, name: string | undefined): string | undefined {
  const value = name === undefined ? undefined : (data as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}
