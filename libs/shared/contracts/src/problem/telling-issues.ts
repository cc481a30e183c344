import type { Issue } from './rule-of-issue.js';

/**
 * The issues that tell what is at fault. A schema also measures what is of another kind than it expects, such as a text where a list
 * is asked for, and says of a huge number that no whole number is so large, beside the bound that the field has.
 */
export function tellingIssues(issues: readonly Issue[]): Issue[] {
  return issues.filter((issue, index) => !isSaidBy(issue, issues[index - 1]) && !isSaidBy(issue, issues[index + 1]));
}

/** The issues of one value stand beside each other. */
function isSaidBy(issue: Issue, neighbour: Issue | undefined): boolean {
  if (!neighbour || (issue.code !== 'too_small' && issue.code !== 'too_big') || !isSamePlace(issue, neighbour)) return false;
  if (neighbour.code === 'invalid_type') return true;
  if (issue.code === 'too_big') return neighbour.code === 'too_big' && neighbour.maximum < issue.maximum;
  return neighbour.code === 'too_small' && neighbour.minimum > issue.minimum;
}

function isSamePlace({ path }: Issue, { path: other }: Issue): boolean {
  return path.length === other.length && path.every((key, index) => key === other[index]);
}
