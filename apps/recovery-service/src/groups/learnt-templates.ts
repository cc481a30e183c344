import type { TemplatesSnapshot } from '@kintsugi/message-templates';

export interface LearntScope {
  version: number;
  learnt: TemplatesSnapshot;
}

/** Groups that were found to be one. */
export interface JoinedGroups {
  scope: string;
  from: string;
  into: string;
}

/**
 * What is known of messages, by the scope in which they are compared. Whoever learns writes it under the version that was
 * read, so that all replicas learn in one order.
 */
export abstract class LearntTemplates {
  abstract load(scopes: readonly string[]): Promise<Map<string, LearntScope>>;
  /** False when another has learnt in the meantime. The groups that became one are kept until they were joined. */
  abstract save(
    scope: string,
    expected: number,
    learnt: TemplatesSnapshot,
    joined: readonly Omit<JoinedGroups, 'scope'>[],
  ): Promise<boolean>;
  abstract joined(limit: number): Promise<JoinedGroups[]>;
  abstract wereJoined(joined: JoinedGroups): Promise<void>;
}
