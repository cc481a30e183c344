import {
  isAtLeast,
  matchesErrorType,
  type ErrorGroup,
  type ErrorRecord,
  type GroupRecovery,
  type GroupRecoveryPage,
  type Role,
} from '@kintsugi/contracts';

/** What a recovery can be about; what is not known of it is left out. */
export type AboutWhat = Partial<Pick<ErrorRecord, 'id' | 'group_id' | 'job_id' | 'error_type'>>;

/** Fields of a filter that what is looked at can be held against. */
const fields = { error_record_id: 'id', job_id: 'job_id', error_type: 'error_type' } as const;

/** Whether a recovery is about it, as far as that is known: one that also asks for what is not known counts as of something else. */
export function isAbout({ group_id, filter }: Pick<GroupRecovery, 'group_id' | 'filter'>, what: AboutWhat): boolean {
  if (group_id !== null && group_id !== what.group_id) return false;
  return Object.entries(filter).every(([field, wanted]) => {
    const own = Object.hasOwn(fields, field) ? what[fields[field as keyof typeof fields]] : undefined;
    if (own === undefined) return false;
    return field === 'error_type' ? matchesErrorType(wanted, own) : own === wanted;
  });
}

/** What a job failed by: each of its groups, of which a recovery can be. */
export function causesOf(jobId: string, groups: readonly Pick<ErrorGroup, 'id' | 'error_type'>[]): AboutWhat[] {
  return groups.map(({ id, error_type }) => ({ job_id: jobId, group_id: id, error_type }));
}

const quickMs = 5_000;
const slowMs = 20_000;

/** When those that wait are asked for again: less often where none does, and where one answer does not hold what is shown. */
export function nextLookMs(pages: readonly Pick<GroupRecoveryPage, 'items'>[]): number {
  return pages.length === 1 && pages[0]?.items.length !== 0 ? quickMs : slowMs;
}

/** Whoever looks. */
export interface Reader {
  keyId: string | null;
  role: Role | null;
}

/**
 * How a reader stands to the approval that a recovery waits for. none: it waits for none; may: he gives it; own: he has asked for the
 * recovery himself; lesser: his role does not suffice.
 */
export function approvalBy(
  { state, waits_for, requested_by }: Pick<GroupRecovery, 'state' | 'waits_for' | 'requested_by'>,
  { keyId, role }: Reader,
): 'none' | 'may' | 'own' | 'lesser' {
  const wanted = wantedRoles({ state, waits_for });
  if (wanted.length === 0) return 'none';
  if (!wanted.some((needed) => role !== null && isAtLeast(role, needed))) return 'lesser';
  return keyId !== null && keyId === requested_by ? 'own' : 'may';
}

/** The roles by which it is still to be approved. */
function wantedRoles({ state, waits_for }: Pick<GroupRecovery, 'state' | 'waits_for'>): Role[] {
  if (state !== 'waiting') return [];
  return waits_for.flatMap(({ condition, holds }) => (condition.kind === 'approval' && !holds ? [condition.role] : []));
}

interface WaitingPage {
  items: readonly Pick<GroupRecovery, 'state' | 'waits_for'>[];
  next_cursor: string | null;
}

/** How many of them somebody has to approve before they begin, and whether there may be more than were seen. */
export function approvalsIn(pages: readonly WaitingPage[]): { recoveries: number; isCapped: boolean } {
  const waiting = pages.flatMap(({ items }) => items);
  const wanted = waiting.filter((recovery) => wantedRoles(recovery).length > 0);
  const next = pages.at(-1)?.next_cursor ?? null;
  return { recoveries: wanted.length, isCapped: next !== null };
}
