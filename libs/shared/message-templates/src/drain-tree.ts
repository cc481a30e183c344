import { asWild, isWild, wildcard } from './wildcard.js';

export interface DrainSettings {
  /** The share of a template's tokens that a message must have in common with it. */
  similarity: number;
  /** Levels of the tree, with root and leaves as in the paper: depth - 3 tokens lead to a leaf. */
  depth: number;
  /** Children of a node; what is beyond shares one. */
  childrenMax: number;
  /** Clusters of a leaf. */
  leafMax: number;
  /** Clusters of the tree. */
  clustersMax: number;
}

export interface DrainCluster {
  tokens: string[];
}

interface DrainNode<C> {
  children: Map<string, DrainNode<C>>;
  clusters: C[];
}

/**
 * Messages that look alike, after P. He et al., "Drain: An Online Log Parsing Approach with Fixed Depth Tree" (ICWS 2017):
 * by the count of tokens, then by the first ones, then by how many are the same in the same place.
 */
export class DrainTree<C extends DrainCluster> {
  private readonly byLength = new Map<number, DrainNode<C>>();
  /** In the order in which they began. */
  private readonly clusters: C[] = [];

  constructor(private readonly settings: DrainSettings) {}

  /** The cluster of a message, made more general so that it holds it; null where the tree has no room for another. */
  add(tokens: readonly string[], begin: (tokens: string[]) => C): C | null {
    const found = this.closest(this.leafOf(tokens)?.clusters ?? [], tokens);
    if (found) {
      found.tokens = generalised(found.tokens, tokens);
      return found;
    }
    if (this.clusters.length >= this.settings.clustersMax) return null;
    const leaf = this.leafFor(tokens);
    if (leaf.clusters.length >= this.settings.leafMax) return null;
    const cluster = begin([...tokens]);
    leaf.clusters.push(cluster);
    this.clusters.push(cluster);
    return cluster;
  }

  /** In the order in which they began. */
  all(): readonly C[] {
    return this.clusters;
  }

  /** Puts back a cluster; all of them, in their order, make the tree that they were taken from. */
  put(cluster: C): void {
    this.leafFor(cluster.tokens).clusters.push(cluster);
    this.clusters.push(cluster);
  }

  /** Where clusters that may hold a message are. */
  private leafOf(tokens: readonly string[]): DrainNode<C> | undefined {
    let node = this.byLength.get(tokens.length);
    for (const token of this.leading(tokens)) node = node?.children.get(token) ?? node?.children.get(wildcard);
    return node;
  }

  /** Where the cluster that a message begins is put. */
  private leafFor(tokens: readonly string[]): DrainNode<C> {
    let node = childOf(this.byLength, tokens.length);
    for (const token of this.leading(tokens)) node = this.step(node, token);
    return node;
  }

  private leading(tokens: readonly string[]): readonly string[] {
    return tokens.slice(0, Math.max(0, this.settings.depth - 3));
  }

  private step({ children }: DrainNode<C>, token: string): DrainNode<C> {
    const known = children.get(token);
    if (known) return known;
    // The last place is for all that come later.
    const room = children.size < this.settings.childrenMax - (children.has(wildcard) ? 0 : 1);
    return childOf(children, room && !/\d/.test(token) ? token : wildcard);
  }

  private closest(clusters: readonly C[], tokens: readonly string[]): C | null {
    let best: C | null = null;
    let bestShare = -1;
    let bestValues = -1;
    for (const cluster of clusters) {
      const { share, values } = likeness(cluster.tokens, tokens);
      if (share > bestShare || (share === bestShare && values > bestValues)) {
        best = cluster;
        bestShare = share;
        bestValues = values;
      }
    }
    return bestShare >= this.settings.similarity ? best : null;
  }
}

function childOf<K, C>(children: Map<K, DrainNode<C>>, key: K): DrainNode<C> {
  const known = children.get(key);
  if (known) return known;
  const child: DrainNode<C> = { children: new Map(), clusters: [] };
  children.set(key, child);
  return child;
}

/** Two that are nothing but values are the same, where the paper's formula finds nothing in common. */
function likeness(template: readonly string[], tokens: readonly string[]): { share: number; values: number } {
  let same = 0;
  let values = 0;
  for (const [at, token] of template.entries()) {
    if (isWild(token)) values += 1;
    else if (token === tokens[at]) same += 1;
  }
  return { share: values === template.length ? 1 : same / template.length, values };
}

function generalised(template: readonly string[], tokens: readonly string[]): string[] {
  return template.map((token, at) => (token === tokens[at] || isWild(token) ? token : asWild(token)));
}
