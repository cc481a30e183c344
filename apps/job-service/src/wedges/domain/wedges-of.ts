import type { JobWedge } from '@kintsugi/contracts';
import type { OpenJob, WaitingFacts } from './waiting-facts.js';
import { WaitsOfPlatform, jobNode, type Waiter } from './waits-of-platform.js';

/** Places of a way that are told; of a longer one the first and the last. */
const chainMax = 12;
/** Jobs that are looked at between two rests. */
const sliceSize = 1_000;

/** What keeps jobs of one tenant from ending, as things stand. */
export interface Wedge extends Pick<JobWedge, 'tenant' | 'reason' | 'certain' | 'chain' | 'what' | 'do'> {
  /** The same for the same wedge at each look. */
  key: string;
  /** The jobs that wait, oldest first. */
  jobs: readonly string[];
  /** Jobs of the tenant that are in the circle, those that run and make others wait included. */
  circle: readonly string[];
}

/** Jobs of one tenant that come to the same end. */
interface Group {
  isSure: boolean;
  tenant: string;
  lack: Waiter['lack'];
  end: readonly string[];
  jobs: string[];
  oldest: OpenJob;
}

/**
 * The wedges that there are: first what is so in any case, then what is so if handlers wait for the jobs that they have made. A job that
 * somebody has paused waits on purpose, and what runs is at work: these are in the way of others, and not told as wedged themselves.
 * @param supposed what waits for what if handlers wait, where that is known already
 */
export function* wedgesOf(facts: WaitingFacts, supposed: WaitsOfPlatform | null): Generator<undefined, Wedge[]> {
  const either = supposed ?? (yield* WaitsOfPlatform.of(facts, true));
  // What is stuck in any case is stuck with one more wait as well.
  if (either.stuck.size === 0) return [];
  const certain = yield* WaitsOfPlatform.of(facts, false);
  const groups = yield* groupsOf(facts.jobs, certain, either);
  const wedges: Wedge[] = [];
  for (const [key, group] of groups) {
    yield;
    wedges.push(wedgeOf(key, group, group.isSure ? certain : either));
  }
  return wedges;
}

function* groupsOf(
  jobs: readonly OpenJob[],
  certain: WaitsOfPlatform,
  either: WaitsOfPlatform,
): Generator<undefined, Map<string, Group>> {
  const groups = new Map<string, Group>();
  for (const [place, job] of jobs.entries()) {
    if (place % sliceSize === 0) yield;
    if (job.isPaused) continue;
    const sureNext = certain.nextOf(job);
    const next = sureNext ?? either.nextOf(job);
    if (next === null || either.of(next)?.kind === 'running') continue;
    const isSure = sureNext !== null;
    const { stuck } = isSure ? certain : either;
    const end = stuck.endOf(next);
    const first = end[0] as string;
    const lack = either.of(first)?.lack ?? null;
    if (lack === null && stuck.next(first) === null) continue;
    // What a wedge is for may change where it is: that is another.
    const key = JSON.stringify([isSure, job.tenant, lack, first]);
    const group = groups.get(key);
    if (!group) {
      groups.set(key, { isSure, tenant: job.tenant, lack, end, jobs: [job.id], oldest: job });
      continue;
    }
    group.jobs.push(job.id);
    if (job.id < group.oldest.id) group.oldest = job;
  }
  return groups;
}

function wedgeOf(key: string, { isSure, tenant, lack, end, jobs, oldest }: Group, waits: WaitsOfPlatform): Wedge {
  const told = new WedgeWords(waits, tenant);
  const { job } = waits.of(end[0] as string) ?? {};
  const chain = told.chain(oldest, end);
  const reason = lack ?? 'CIRCLE';
  return {
    ...{ key, tenant, jobs: jobs.sort(), certain: isSure, chain, reason },
    circle: lack ? [] : told.jobsIn(end),
    what: told.what(reason, end, chain, isSure),
    do: adviceOf(reason, job?.tenant === tenant ? job.id : null),
  };
}

/** Says what a wedge is to those of one tenant: of other tenants it names no job. */
class WedgeWords {
  constructor(
    private readonly waits: WaitsOfPlatform,
    private readonly tenant: string,
  ) {}

  jobsIn(end: readonly string[]): string[] {
    const jobs = end.map((node) => this.waits.of(node)?.job ?? null).filter((job) => job?.tenant === this.tenant);
    return [...new Set(jobs.map((job) => job?.id ?? ''))];
  }

  /** The way from a job to where it ends: at what is missing, or round the circle from where it comes to that. */
  chain(job: OpenJob, end: readonly string[]): string[] {
    const { stuck } = this.waits;
    const nodes: string[] = [];
    const ended = new Set(end);
    let at: string | null = jobNode(job.id);
    for (; at !== null && !ended.has(at); at = nodes.length === 1 ? this.waits.nextOf(job) : stuck.next(at)) nodes.push(at);
    nodes.push(...(stuck.next(end[0] as string) === null ? end : roundFrom(at as string, end)));
    const words = nodes
      .map((node, place) => (place === 0 ? job.id : this.wordsOf(node)))
      .filter((word, place, every) => word !== every[place - 1]);
    if (words.length <= chainMax) return words;
    return [...words.slice(0, chainMax / 2), '…', ...words.slice(1 - chainMax / 2)];
  }

  what(reason: Wedge['reason'], end: readonly string[], chain: readonly string[], isSure: boolean): string {
    const way = chain.join(' → ');
    if (reason === 'CIRCLE') return `None of them can go on if what runs waits for the jobs that it has made: ${way}.`;
    const lack = this.wordsOf(end[0] as string);
    const words = reason === 'PAUSED' ? `What they wait for waits for ${lack}.` : `They wait for ${lack}, and there is none.`;
    return isSure ? `${words} ${way}.` : `${words} It is so if what runs waits for the jobs that it has made: ${way}.`;
  }

  private wordsOf(node: string): string {
    const { words, owner } = this.waits.of(node) ?? { words: '', owner: null };
    return owner === null || owner.tenant === this.tenant ? words : owner.toOthers;
  }
}

/** A circle from one of its places, and back to there. */
function roundFrom(from: string, end: readonly string[]): string[] {
  const at = end.indexOf(from);
  return [...end.slice(at), ...end.slice(0, at), end[at] as string];
}

function adviceOf(reason: Wedge['reason'], pausedId: string | null): string {
  switch (reason) {
    case 'NO_WORKER':
      return 'Start a worker that does, or cancel the jobs.';
    case 'RESOURCES':
      return 'Start a worker with more (WORKER_MEMORY_MB, WORKER_CPUS), or submit the jobs with smaller resource_limits.';
    case 'PAUSED':
      return pausedId === null ? 'Have whoever paused it resume it, or cancel the jobs.' : `./kintsugi resume ${pausedId}`;
    case 'CIRCLE':
      return (
        'Cancel one of the jobs, allow more under the key, or start another worker. A handler that waits holds its slot and its key: ' +
        'have another job come after the children instead (docs/child-jobs.md).'
      );
  }
}
