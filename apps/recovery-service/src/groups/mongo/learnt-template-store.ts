import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import type { TemplatesSnapshot } from '@kintsugi/message-templates';
import { Store, isDuplicateKey, type IndexDefinition } from '@kintsugi/persistence';
import type { JoinedGroups, LearntScope, LearntTemplates } from '../learnt-templates.js';

interface StoredScope {
  _id: string;
  version: number;
  /** JSON text: nobody looks for what is in it. */
  learnt: string;
  joined: Omit<JoinedGroups, 'scope'>[];
}

const collection = 'learnt_templates';

export const learntTemplateIndexes: IndexDefinition[] = [
  { collection, keys: { 'joined.from': 1 }, options: { partialFilterExpression: { 'joined.from': { $gt: '' } } } },
];

/** What is known of messages, in MongoDB. */
@Injectable()
export class LearntTemplateStore implements LearntTemplates {
  private readonly scopes: Collection<StoredScope>;

  constructor(store: Store) {
    this.scopes = store.collection<StoredScope>(collection);
  }

  async load(scopes: readonly string[]): Promise<Map<string, LearntScope>> {
    const found = await this.scopes.find({ _id: { $in: [...scopes] } }).toArray();
    return new Map(found.map(({ _id, version, learnt }) => [_id, { version, learnt: JSON.parse(learnt) as TemplatesSnapshot }]));
  }

  async save(
    scope: string,
    expected: number,
    learnt: TemplatesSnapshot,
    joined: readonly Omit<JoinedGroups, 'scope'>[],
  ): Promise<boolean> {
    const text = JSON.stringify(learnt);
    if (expected > 0) {
      const filter = { _id: scope, version: expected };
      const change = { $set: { version: expected + 1, learnt: text }, $push: { joined: { $each: [...joined] } } };
      return (await this.scopes.updateOne(filter, change)).matchedCount > 0;
    }
    try {
      await this.scopes.insertOne({ _id: scope, version: 1, learnt: text, joined: [...joined] });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async joined(limit: number): Promise<JoinedGroups[]> {
    const found = await this.scopes
      .find({ 'joined.from': { $gt: '' } }, { projection: { joined: 1 } })
      .limit(limit)
      .toArray();
    return found.flatMap(({ _id, joined }) => joined.map((pair) => ({ scope: _id, ...pair }))).slice(0, limit);
  }

  async wereJoined({ scope, from, into }: JoinedGroups): Promise<void> {
    await this.scopes.updateOne({ _id: scope }, { $pull: { joined: { from, into } } });
  }
}
