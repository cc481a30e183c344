import { limits, type TaskState } from '@kintsugi/contracts';

/** What is to become of a task that waits for others. */
export type Verdict = 'wait' | 'run' | 'give_up';

/** How a task counts for those that wait for it. */
type Outcome = 'open' | 'done' | 'undone';

const [open, done, undone] = [0, 1, 2] as const;
const codes = { open, done, undone } as const satisfies Record<Outcome, number>;

/** How a task stands that is held by others. */
const [waits, givenUp] = [1, 2] as const;

const outcomeOf: Readonly<Record<TaskState, Outcome>> = {
  blocked: 'open',
  ready: 'open',
  leased: 'open',
  running: 'open',
  failed: 'open',
  waiting_retry: 'open',
  parked: 'open',
  succeeded: 'done',
  dead: 'undone',
  quarantined: 'undone',
  outcome_unknown: 'undone',
  cancelled: 'undone',
  skipped: 'undone',
};

/** A task as it stands, and whether it stands so only because of those that it waits for. */
export interface StandingTask {
  state: TaskState;
  isHeld: boolean;
}

/** The place of a task in its job, as one number. */
export function positionOf(sequence: number, index: number): number {
  return sequence * limits.tasksPerChunk + index;
}

export function placeAt(position: number): { sequence: number; index: number } {
  return { sequence: Math.floor(position / limits.tasksPerChunk), index: position % limits.tasksPerChunk };
}

/**
 * What the tasks of a job wait for, and what follows from how they stand. It is no record: all of it follows from the chunks. A task
 * that is held by others counts by what is to become of it, so that what follows from an end is known at once, however long the way.
 */
export class TaskGraph {
  /** Of node n, ascending. */
  private readonly positions: Int32Array;
  /** Neighbours of node n: from `ends[n]` to `ends[n + 1]`. */
  private readonly parents: Neighbours;
  private readonly children: Neighbours;
  private readonly outcomes: Uint8Array;
  /** 0 where a task is held by none. */
  private readonly held: Uint8Array;
  private readonly openParents: Int32Array;
  private readonly undoneParents: Int32Array;
  /** Held tasks of which the verdict has changed since it was taken. */
  private readonly changed = new Set<number>();
  /** Held tasks that do not stand as their verdict says. */
  private readonly due = new Set<number>();

  /**
   * @param edges child and parent, in turn, by their positions, without repetition
   * @param runsAnyway whether a task runs once all of its parents have ended, however
   */
  constructor(
    edges: readonly number[],
    private readonly runsAnyway: boolean,
  ) {
    // A hundred thousand edges are within the limits, and nothing else is done meanwhile: each node is looked up, and not searched.
    const nodes = nodesAt(edges);
    this.positions = positionsOf(nodes);
    const pairs = new Int32Array(edges.length);
    for (let at = 0; at < edges.length; at += 1) pairs[at] = nodes[edges[at] as number] as number;
    const count = this.positions.length;
    this.parents = neighbours(pairs, count, 0);
    this.children = neighbours(pairs, count, 1);
    this.outcomes = new Uint8Array(count);
    this.held = new Uint8Array(count);
    this.undoneParents = new Int32Array(count);
    this.openParents = this.positions.map((_, node) => this.parents.of(node).length);
  }

  /** Takes in how the tasks of a chunk stand. */
  note(sequence: number, read: (index: number) => StandingTask): void {
    const { from, end } = this.nodesOf(sequence);
    for (let node = from; node < end; node += 1) {
      const { state, isHeld } = read(this.indexOf(node));
      this.held[node] = isHeld ? (state === 'blocked' ? waits : givenUp) : 0;
      if (this.judge(node)) this.changed.add(node);
      else this.changed.delete(node);
      this.settle(node, isHeld ? this.outcomeOfHeld(node) : codes[outcomeOf[state]]);
    }
  }

  /**
   * The tasks of a chunk that wait for nothing more once it is written as it stands now: what was open of that is done in it, and
   * nothing of it is to run again.
   */
  freedWithin(sequence: number, stateOf: (index: number) => TaskState): number[] {
    const { from, end } = this.nodesOf(sequence);
    const left = new Map<number, number>();
    for (let node = from; node < end; node += 1) {
      const now = outcomeOf[stateOf(this.indexOf(node))];
      const more = Number(now === 'open') - Number(this.outcomes[node] === open);
      if (more === 0 || now === 'undone') continue;
      for (const child of this.children.of(node)) {
        if (child < from || child >= end || this.held[child] !== waits) continue;
        left.set(child, (left.get(child) ?? this.openParents[child] ?? 0) + more);
      }
    }
    const isFree = ([child, openParents]: [number, number]): boolean =>
      openParents === 0 && (this.runsAnyway || this.undoneParents[child] === 0);
    return [...left].filter(isFree).map(([child]) => this.indexOf(child));
  }

  /** Whether every task that is held by others stands as those have it stand. */
  get isFollowed(): boolean {
    return this.due.size === 0;
  }

  /** What has changed since it was asked last, as indexes by chunk. */
  takeChanged(): Map<number, number[]> {
    const taken = new Map<number, number[]>();
    for (const node of this.changed) {
      const { sequence, index } = placeAt(this.positions[node] as number);
      const others = taken.get(sequence);
      if (others) others.push(index);
      else taken.set(sequence, [index]);
    }
    this.changed.clear();
    return taken;
  }

  /** What was taken and not carried out will be given again. */
  putBack(sequence: number, indexes: readonly number[]): void {
    for (const index of indexes) {
      const node = this.nodeAt(positionOf(sequence, index));
      if (node !== null && this.due.has(node)) this.changed.add(node);
    }
  }

  verdictAt(position: number): Verdict {
    const node = this.nodeAt(position);
    return node === null ? 'run' : this.verdict(node);
  }

  /** The tasks that one waits for, in the order in which they were given. */
  parentsAt(position: number): number[] {
    return this.neighboursAt(this.parents, position);
  }

  childrenAt(position: number): number[] {
    return this.neighboursAt(this.children, position);
  }

  /** The first of its parents that has not been done and will not be. */
  culpritOf(position: number): number | null {
    const culprit = this.parentsAt(position).find((parent) => this.outcomes[this.firstFrom(parent)] === undone);
    return culprit ?? null;
  }

  /** The first tasks that others wait for and that wait for none themselves. */
  holders(most: number): number[] {
    const holders: number[] = [];
    for (let node = 0; node < this.positions.length && holders.length < most; node += 1) {
      const holds = this.held[node] === 0 && this.outcomes[node] === open;
      if (holds && this.children.of(node).some((child) => this.held[child] !== 0)) holders.push(this.positions[node] as number);
    }
    return holders;
  }

  private nodesOf(sequence: number): { from: number; end: number } {
    return { from: this.firstFrom(positionOf(sequence, 0)), end: this.firstFrom(positionOf(sequence + 1, 0)) };
  }

  private indexOf(node: number): number {
    return placeAt(this.positions[node] as number).index;
  }

  private nodeAt(position: number): number | null {
    const node = this.firstFrom(position);
    return this.positions[node] === position ? node : null;
  }

  /** The first node at a position or behind it. */
  private firstFrom(position: number): number {
    let [from, to] = [0, this.positions.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.positions[middle] as number) < position) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  private neighboursAt(of: Neighbours, position: number): number[] {
    const node = this.nodeAt(position);
    return node === null ? [] : Array.from(of.of(node), (other) => this.positions[other] as number);
  }

  private verdict(node: number): Verdict {
    if (!this.runsAnyway && (this.undoneParents[node] as number) > 0) return 'give_up';
    return this.openParents[node] === 0 ? 'run' : 'wait';
  }

  /** Whether something is to be done about a task. */
  private judge(node: number): boolean {
    const held = this.held[node];
    const isDue = held !== 0 && this.verdict(node) !== (held === waits ? 'wait' : 'give_up');
    if (isDue) this.due.add(node);
    else this.due.delete(node);
    return isDue;
  }

  private outcomeOfHeld(node: number): number {
    return this.verdict(node) === 'give_up' ? undone : open;
  }

  /** Sets how a task counts, with all that follows from it for those that are held. */
  private settle(first: number, outcome: number): void {
    const toSettle = [first];
    for (let node = toSettle.pop(); node !== undefined; node = toSettle.pop()) {
      const now = node === first ? outcome : this.outcomeOfHeld(node);
      const before = this.outcomes[node] as number;
      if (before === now) continue;
      this.outcomes[node] = now;
      for (const child of this.children.of(node)) {
        const verdict = this.verdict(child);
        this.openParents[child] = (this.openParents[child] as number) + Number(now === open) - Number(before === open);
        this.undoneParents[child] = (this.undoneParents[child] as number) + Number(now === undone) - Number(before === undone);
        if (this.held[child] === 0 || this.verdict(child) === verdict) continue;
        this.judge(child);
        this.changed.add(child);
        toSettle.push(child);
      }
    }
  }
}

/** The node of each position that edges name, in their order; -1 of any other. */
function nodesAt(edges: readonly number[]): Int32Array {
  let last = -1;
  for (const position of edges) last = Math.max(last, position);
  const nodes = new Int32Array(last + 1).fill(-1);
  for (const position of edges) nodes[position] = 0;
  let count = 0;
  for (let position = 0; position <= last; position += 1) {
    if (nodes[position] === -1) continue;
    nodes[position] = count;
    count += 1;
  }
  return nodes;
}

/** The position of each node. */
function positionsOf(nodes: Int32Array): Int32Array {
  const positions: number[] = [];
  nodes.forEach((node, position) => {
    if (node >= 0) positions.push(position);
  });
  return Int32Array.from(positions);
}

interface Neighbours {
  of(node: number): Int32Array;
}

/** @param side which of a pair is the node itself; the other is its neighbour */
function neighbours(pairs: Int32Array, count: number, side: 0 | 1): Neighbours {
  const ends = new Int32Array(count + 1);
  for (let at = side; at < pairs.length; at += 2) {
    ends[(pairs[at] as number) + 1] = (ends[(pairs[at] as number) + 1] as number) + 1;
  }
  for (let node = 0; node < count; node += 1) ends[node + 1] = (ends[node + 1] as number) + (ends[node] as number);
  const next = ends.slice();
  const flat = new Int32Array(pairs.length / 2);
  for (let at = 0; at < pairs.length; at += 2) {
    const node = pairs[at + side] as number;
    flat[next[node] as number] = pairs[at + 1 - side] as number;
    next[node] = (next[node] as number) + 1;
  }
  return { of: (node) => flat.subarray(ends[node], ends[node + 1]) };
}
