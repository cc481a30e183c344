/** One of the things that a node waits for, and how much of what it needs comes from that. */
export interface Wait {
  on: string;
  weight: number;
}

/**
 * Something that waits: it goes on once what goes on of its waits adds up to what it needs. With needs of the sum of all it waits for
 * every one, with the least of them for any; one that needs something and waits for nothing lacks what nobody has.
 */
export interface WaitNode {
  needs: number;
  waits: readonly Wait[];
}

/** Nodes that are looked at between two rests. */
const sliceSize = 1_000;
/** Sums of fractions may come out a little below what they are. */
const tolerance = 1e-6;

/** Who waits for what. Whoever is named and is no node here goes on by itself. */
export class WaitGraph {
  private readonly nodes = new Map<string, WaitNode>();

  add(id: string, node: WaitNode): void {
    this.nodes.set(id, node);
  }

  has(id: string): boolean {
    return this.nodes.has(id);
  }

  /**
   * The nodes that can never go on as things stand. What can is found from those that need nothing: each that goes on is told to all
   * that wait for it, once, so that it takes as long as there are waits.
   */
  *stuck(): Generator<undefined, StuckNodes> {
    const missing = new Map<string, number>();
    const dependents = new Map<string, { id: string; weight: number }[]>();
    const going: string[] = [];
    let seen = 0;
    for (const [id, { needs, waits }] of this.nodes) {
      if ((seen += 1) % sliceSize === 0) yield;
      let left = needs;
      for (const { on, weight } of waits) {
        if (!this.nodes.has(on)) left -= weight;
        else if (dependents.has(on)) dependents.get(on)?.push({ id, weight });
        else dependents.set(on, [{ id, weight }]);
      }
      missing.set(id, left);
      if (left <= tolerance) going.push(id);
    }
    for (let id = going.pop(); id !== undefined; id = going.pop()) {
      if (!missing.delete(id)) continue;
      if ((seen += 1) % sliceSize === 0) yield;
      for (const dependent of dependents.get(id) ?? []) {
        const left = missing.get(dependent.id);
        if (left === undefined) continue;
        missing.set(dependent.id, left - dependent.weight);
        if (left - dependent.weight <= tolerance) going.push(dependent.id);
      }
    }
    return new StuckNodes(new Map([...missing.keys()].map((id) => [id, (this.nodes.get(id) as WaitNode).waits])));
  }
}

/** What can never go on, and why: each waits for another of them, round a circle or up to one that lacks what nobody has. */
export class StuckNodes {
  private readonly ends = new Map<string, readonly string[]>();

  constructor(private readonly waits: ReadonlyMap<string, readonly Wait[]>) {}

  get ids(): Iterable<string> {
    return this.waits.keys();
  }

  get size(): number {
    return this.waits.size;
  }

  has(id: string): boolean {
    return this.waits.has(id);
  }

  /** The first of its waits that never goes on; null where it lacks what nobody has. */
  next(id: string): string | null {
    return this.waits.get(id)?.find(({ on }) => this.waits.has(on))?.on ?? null;
  }

  /**
   * Where the way of a node ends: the circle that it comes to, from the same place on for all that come to it, or the one node that lacks
   * something.
   */
  endOf(id: string): readonly string[] {
    const way: string[] = [];
    const places = new Map<string, number>();
    for (let at: string | null = id; at !== null; at = this.next(at)) {
      const known = this.ends.get(at);
      if (known) return this.note(way, known);
      const place = places.get(at);
      if (place !== undefined) return this.note(way, fromTheLeast(way.slice(place)));
      places.set(at, way.length);
      way.push(at);
    }
    return this.note(way, way.slice(-1));
  }

  private note(way: readonly string[], end: readonly string[]): readonly string[] {
    for (const id of way) this.ends.set(id, end);
    return end;
  }
}

function fromTheLeast(circle: readonly string[]): string[] {
  const least = circle.reduce((one, other) => (other < one ? other : one));
  const at = circle.indexOf(least);
  return [...circle.slice(at), ...circle.slice(0, at)];
}
