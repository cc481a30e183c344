import type { GroupState, SplitFrom } from '@kintsugi/contracts';
import type { SplitRule, TitlePlaces } from './group-split.js';
import { topFrames } from './stack-frames.js';

/** Hours of which a group knows how many failures they had. */
export const hoursKept = 24;
const jobTypesMax = 20;
export const versionsMax = 10;
const recentJobsMax = 5;
/** Others may count in it this often before a write is looked for. */
const marksMax = 20;

/** Failures of one kind, across jobs, as they are stored. */
export interface StoredGroup {
  _id: string;
  tenant: string;
  error_type: string;
  title: string;
  frames: string[];
  /** Failures that were counted, retries that failed included. */
  count: number;
  first_seen: string;
  last_seen: string;
  /** Failures by hour, in the place of the hour modulo the hours kept. */
  hours: { hour: number; count: number }[];
  job_types: string[];
  /** Of workers; newest first. Left out where none has said its own. */
  versions?: string[];
  recent_job_ids: string[];
  example_record_id: string;
  state: GroupState;
  /** When a person last moved it, or it came back. */
  state_at: string;
  /** With `ignored`: it is open again from this time on. */
  ignored_until: string | null;
  /** With `ignored`: it is open again once it was counted more often than this. */
  ignored_count: number | null;
  assignee: string | null;
  note: string | null;
  regressions: number;
  regressed_at: string | null;
  /** The group that this one was made part of. */
  merged_into: string | null;
  /** Nobody has said that it is part of that one: their templates were found to be one. Left out where a person has. */
  joined?: true;
  /** Who has counted in it last: a write that is answered by another's is told by it. Left out before the first. */
  marks?: string[];
  /** What has left it, and whereto. Left out where nothing has. */
  splits?: { into: string; rule: SplitRule }[];
  /** What has left it, and has records that may still be here. Left out where there are none. */
  moves?: GroupMove[];
  /** What it was split off from. Left out where it began by itself. */
  split_from?: SplitFrom;
  /** What its places are counted in, where some of them are filled in its title. */
  places?: TitlePlaces;
  /** The group that it was part of until a split has freed it. */
  freed_from?: string;
  /** What has yet to be told to the world. */
  events: GroupEvent[];
  version: number;
}

/** Records that are on their way to another group. */
export interface GroupMove {
  into: string;
  /** It was part of this one: those go that were of it before. Else those that its rule says. */
  was_part: boolean;
  /** Failures up to then are counted there already; null where none is. */
  counted_until: string | null;
  /** Until when whoever asked for it sees to it; after that, whoever leads. */
  until: string;
}

export type GroupEvent = GroupRegression | GroupReopening;

/** A resolved group has come back. */
export interface GroupRegression {
  event_id: string;
  at: string;
  resolved_at: string;
  job_id: string;
  error_record_id: string;
}

/** What a group was ignored until has come. */
export interface GroupReopening {
  event_id: string;
  at: string;
  ignored_at: string;
  reason: 'time' | 'count';
}

/** What a group hears of one failure. */
export interface Sighting {
  group_id: string;
  tenant: string;
  error_type: string;
  title: string;
  stack_trace?: string | undefined;
  job_id: string;
  job_type: string;
  error_record_id: string;
  failed_at: string;
  version?: string | undefined;
}

/**
 * The group after failures of its kind; the first begins it.
 * @param mark the id of this counting; also that of the event, where the group has come back
 */
export function afterSightings(
  previous: StoredGroup | null,
  sightings: readonly [Sighting, ...Sighting[]],
  mark: string,
): StoredGroup {
  const [first] = sightings;
  const group = previous ? structuredClone(previous) : begun(first);
  for (const sighting of sightings) note(group, sighting, mark);
  group.marks = [...(group.marks ?? []), mark].slice(-marksMax);
  if (!group.split_from) group.title = sightings.at(-1)?.title ?? group.title;
  group.version = (previous?.version ?? 0) + 1;
  return group;
}

function begun({ group_id, tenant, error_type, title, stack_trace, error_record_id, failed_at }: Sighting): StoredGroup {
  return {
    _id: group_id,
    ...{ tenant, error_type, title, frames: topFrames(stack_trace), count: 0, first_seen: failed_at, last_seen: failed_at },
    hours: noHours(),
    ...{ job_types: [], recent_job_ids: [], example_record_id: error_record_id },
    ...{ state: 'open', state_at: failed_at, ignored_until: null, ignored_count: null, assignee: null, note: null },
    ...{ regressions: 0, regressed_at: null, merged_into: null, events: [], version: 0 },
  };
}

function note(group: StoredGroup, sighting: Sighting, eventId: string): void {
  const { failed_at } = sighting;
  group.count += 1;
  noteMet(group, sighting);
  countHour(group, Math.floor(Date.parse(failed_at) / 3_600_000));
  if (group.state === 'resolved' && failed_at > group.state_at) regress(group, sighting, eventId);
  else if (group.state === 'ignored') heedBounds(group, failed_at, eventId);
}

/** Where and when it was met. */
export function noteMet(
  group: StoredGroup,
  {
    failed_at,
    job_id,
    job_type,
    error_record_id,
    version,
  }: Pick<Sighting, 'failed_at' | 'job_id' | 'job_type' | 'error_record_id' | 'version'>,
): void {
  if (failed_at < group.first_seen) group.first_seen = failed_at;
  if (failed_at > group.last_seen) group.last_seen = failed_at;
  if (!group.job_types.includes(job_type)) group.job_types = [...group.job_types, job_type].slice(0, jobTypesMax);
  if (version !== undefined) {
    group.versions = [version, ...(group.versions ?? []).filter((other) => other !== version)].slice(0, versionsMax);
  }
  group.recent_job_ids = [job_id, ...group.recent_job_ids.filter((id) => id !== job_id)].slice(0, recentJobsMax);
  group.example_record_id = error_record_id;
}

export function countHour(group: StoredGroup, hour: number, change = 1): void {
  const place = hour % hoursKept;
  const kept = group.hours[place];
  if (!kept || hour < kept.hour) return;
  group.hours[place] = { hour, count: (hour === kept.hour ? kept.count : 0) + change };
}

function regress(group: StoredGroup, { failed_at, job_id, error_record_id }: Sighting, eventId: string): void {
  group.events.push({ event_id: eventId, at: failed_at, resolved_at: group.state_at, job_id, error_record_id });
  group.regressions += 1;
  group.regressed_at = failed_at;
  reopen(group, failed_at);
}

/** Opens an ignored group of which the time or the count has come. */
function heedBounds(group: StoredGroup, at: string, eventId: string): void {
  const { ignored_until, ignored_count, count, state_at } = group;
  const isTime = ignored_until !== null && at > ignored_until;
  if (!isTime && (ignored_count === null || count <= ignored_count)) return;
  group.events.push({ event_id: eventId, at, ignored_at: state_at, reason: isTime ? 'time' : 'count' });
  reopen(group, at);
}

/** The ignored group once its time is over, whether it fails or not. */
export function afterIgnored(previous: StoredGroup, now: string, eventId: string): StoredGroup {
  const group = structuredClone(previous);
  if (group.state === 'ignored') heedBounds(group, now, eventId);
  return { ...group, version: previous.version + 1 };
}

function reopen(group: StoredGroup, at: string): void {
  Object.assign(group, { state: 'open', state_at: at, ignored_until: null, ignored_count: null });
}

/** A group in the place of another, of which nothing was counted yet. */
export function emptied(group: StoredGroup, id: string): StoredGroup {
  const {
    splits: _,
    moves: __,
    split_from: ___,
    marks: ____,
    places: _____,
    freed_from: ______,
    versions: _______,
    ...shown
  } = group;
  return { ...shown, _id: id, count: 0, hours: noHours(), events: [], merged_into: null, version: 1 };
}

function noHours(): StoredGroup['hours'] {
  return Array.from({ length: hoursKept }, () => ({ hour: 0, count: 0 }));
}

/** Failures in each of the hours kept that end with the one of a time, oldest first. */
export function perHour(groups: readonly StoredGroup[], now: number): number[] {
  const last = Math.floor(now / 3_600_000);
  return Array.from({ length: hoursKept }, (_, at) => {
    const hour = last - hoursKept + 1 + at;
    const ofHour = groups.map(({ hours }) => hours[hour % hoursKept]).filter((kept) => kept?.hour === hour);
    return Math.max(
      0,
      ofHour.reduce((sum, kept) => sum + (kept?.count ?? 0), 0),
    );
  });
}
