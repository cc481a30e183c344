import type { TemplatesSnapshot } from '@kintsugi/message-templates';
import type { JoinedGroups, LearntScope, LearntTemplates } from './learnt-templates.js';

/** What is known of messages without a database, for specs: it keeps to the same promises as what is kept in MongoDB. */
export class LearntTemplatesInMemory implements LearntTemplates {
  private readonly stored = new Map<string, LearntScope & { joined: Omit<JoinedGroups, 'scope'>[] }>();

  async load(scopes: readonly string[]): Promise<Map<string, LearntScope>> {
    const found = scopes.flatMap((scope) => {
      const kept = this.stored.get(scope);
      return kept ? [[scope, structuredClone({ version: kept.version, learnt: kept.learnt })] as const] : [];
    });
    return new Map(found);
  }

  async save(
    scope: string,
    expected: number,
    learnt: TemplatesSnapshot,
    joined: readonly Omit<JoinedGroups, 'scope'>[],
  ): Promise<boolean> {
    const kept = this.stored.get(scope);
    if ((kept?.version ?? 0) !== expected) return false;
    this.stored.set(scope, structuredClone({ version: expected + 1, learnt, joined: [...(kept?.joined ?? []), ...joined] }));
    return true;
  }

  async joined(limit: number): Promise<JoinedGroups[]> {
    return [...this.stored].flatMap(([scope, { joined }]) => joined.map((pair) => ({ scope, ...pair }))).slice(0, limit);
  }

  async wereJoined({ scope, from, into }: JoinedGroups): Promise<void> {
    const kept = this.stored.get(scope);
    if (kept) kept.joined = kept.joined.filter((pair) => pair.from !== from || pair.into !== into);
  }
}
