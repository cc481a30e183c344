import type { JobWedge } from '@kintsugi/contracts';
import type { StuckNodes } from './wait-graph.js';
import type { WaitingFacts } from './waiting-facts.js';
import { WaitsOfPlatform, jobNode } from './waits-of-platform.js';

/** Places of a way that are told; of a longer one the first and the last. */
const chainMax = 12;

/** What keeps jobs of one tenant from ending, as things stand. */
export interface Wedge extends Pick<JobWedge, 'tenant' | 'reason' | 'certain' | 'chain' | 'what' | 'do'> {
  /** The same for the same wedge at each look. */
  key: string;
  /** The jobs that wait, oldest first. */
  jobs: readonly string[];
  /** Jobs of the tenant that are in the circle, those that run and make others wait included. */
  circle: readonly string[];
}

/**
 * The wedges that there are: first what is so in any case, then what is so if handlers wait for the jobs that they have made. A job that
 * somebody has paused waits on purpose, and what runs is at work: these are in the way of others, and not told as wedged themselves.
 */
export function wedgesOf(facts: WaitingFacts): Wedge[] {
  const certain = new WaitsOfPlatform(facts, false);
  const supposed = new WaitsOfPlatform(facts, true);
  const [surelyStuck, stuck] = [certain.graph.stuck(), supposed.graph.stuck()];
  const groups = new Map<string, { isSure: boolean; tenant: string; end: readonly string[]; jobs: string[] }>();
  const waiting = facts.jobs.filter(({ isPaused }) => !isPaused).sort((one, other) => (one.id < other.id ? -1 : 1));
  for (const { id, tenant } of waiting) {
    const node = jobNode(id);
    const isSure = surelyStuck.has(node);
    const next = (isSure ? surelyStuck : stuck).next(node);
    if (next === null || supposed.of(next)?.kind === 'running') continue;
    const end = (isSure ? surelyStuck : stuck).endOf(node);
    const key = JSON.stringify([isSure, tenant, end[0]]);
    const group = groups.get(key);
    if (group) group.jobs.push(id);
    else groups.set(key, { isSure, tenant, end, jobs: [id] });
  }
  return [...groups].map(([key, { isSure, tenant, end, jobs }]) => {
    const [waits, nodes] = isSure ? [certain, surelyStuck] : [supposed, stuck];
    const told = new WedgeWords(waits, nodes, tenant);
    const { lack, job } = waits.of(end[0] as string) ?? {};
    const chain = told.chain(jobNode(jobs[0] as string), end);
    return {
      ...{ key, tenant, jobs, certain: isSure, chain, reason: lack ?? 'CIRCLE' },
      circle: lack ? [] : told.jobsIn(end),
      what: told.what(lack ?? 'CIRCLE', end, chain, isSure),
      do: adviceOf(lack ?? 'CIRCLE', job?.tenant === tenant ? job.id : null),
    };
  });
}

/** Says what a wedge is to those of one tenant: of other tenants it names no job. */
class WedgeWords {
  constructor(
    private readonly waits: WaitsOfPlatform,
    private readonly stuck: StuckNodes,
    private readonly tenant: string,
  ) {}

  jobsIn(end: readonly string[]): string[] {
    const jobs = end.map((node) => this.waits.of(node)?.job ?? null).filter((job) => job?.tenant === this.tenant);
    return [...new Set(jobs.map((job) => job?.id ?? ''))];
  }

  /** The way from the first job to where it ends. */
  chain(from: string, end: readonly string[]): string[] {
    const nodes: string[] = [];
    const ended = new Set(end);
    for (let at: string | null = from; at !== null && !ended.has(at); at = this.stuck.next(at)) nodes.push(at);
    nodes.push(...this.roundFrom(nodes.at(-1) ?? null, from, end));
    const words = nodes.map((node) => this.wordsOf(node)).filter((word, place, every) => word !== every[place - 1]);
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

  /** A circle from where the way comes to it, and back to there. */
  private roundFrom(last: string | null, from: string, end: readonly string[]): readonly string[] {
    if (this.stuck.next(end[0] as string) === null) return end;
    const at = end.indexOf(last === null ? from : (this.stuck.next(last) as string));
    return [...end.slice(at), ...end.slice(0, at), end[at] as string];
  }

  private wordsOf(node: string): string {
    const { words, job } = this.waits.of(node) ?? { words: '', job: null };
    if (!job || job.tenant === this.tenant) return words;
    return words.replaceAll(job.id, 'a job of another tenant');
  }
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
