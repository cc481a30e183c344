export interface Accuracy {
  /** Share of the lines whose group is exactly the lines of one true event. */
  ga: number;
  /** The same of groups: the harmonic mean of how many of the found and how many of the true ones are right. */
  fga: number;
}

export function accuracyOf(found: readonly unknown[], truth: readonly unknown[]): Accuracy {
  const foundGroups = groupsOf(found);
  const trueGroups = groupsOf(truth);
  const right = [...foundGroups].filter((group) => trueGroups.has(group));
  const lines = right.reduce((sum, group) => sum + group.split(',').length, 0);
  return { ga: lines / truth.length, fga: (2 * right.length) / (foundGroups.size + trueGroups.size) };
}

/** Each group as the list of its lines. */
function groupsOf(labels: readonly unknown[]): Set<string> {
  const lines = Map.groupBy(labels.keys(), (at) => labels[at]);
  return new Set([...lines.values()].map((group) => group.join(',')));
}
