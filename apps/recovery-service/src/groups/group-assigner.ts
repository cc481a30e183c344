import { Injectable } from '@nestjs/common';
import { MessageTemplates, shippedSettings, templateText, type MessageTemplate } from '@kintsugi/message-templates';
import { digest } from './digest.js';
import { groupIdOf, scopesOf, titleOf, type GroupScope, type ScopedFailure } from './domain/group-scope.js';
import { GroupWays, type GroupEnd } from './group-ways.js';
import { LearntTemplates } from './learnt-templates.js';

export interface GroupedFailure extends ScopedFailure {
  error_message: string;
}

export interface AssignedGroup {
  group_id: string;
  group_title: string;
  frames: string[];
}

interface ScopedBatch {
  scope: GroupScope;
  messages: string[];
}

/** Scopes whose templates are held in memory; of the others they are read again. */
const scopesMax = 500;

/** Another replica has to learn in the same scope this many times in between before the failures are left to a redelivery. */
const roundsMax = 10;

const settings = { ...shippedSettings, formsMax: 500, family: { ...shippedSettings.family, clustersMax: 500 } };

/**
 * Says which group a failure is of. What replicas hold in memory is a copy: a message that the copy knows costs no look into
 * the database, and what is new is learnt under the version that all share, so that every replica gives the same groups.
 */
@Injectable()
export class GroupAssigner {
  private readonly scopes = new Map<string, MessageTemplates>();

  constructor(
    private readonly learnt: LearntTemplates,
    private readonly ways: GroupWays,
  ) {}

  async assign<F extends GroupedFailure>(failures: readonly F[]): Promise<Map<F, AssignedGroup>> {
    const batches = new Map<string, ScopedBatch>();
    const scopes = scopesOf(failures, digest);
    failures.forEach((failure, at) => {
      const scope = scopes[at] as GroupScope;
      const batch = batches.get(scope.id) ?? { scope, messages: [] };
      batch.messages.push(failure.error_message);
      batches.set(scope.id, batch);
    });
    const templates = await this.templatesOf([...batches.values()]);
    const own = failures.map((failure, at) => {
      const scope = scopes[at] as GroupScope;
      const template = templates.get(scope.id)?.get(failure.error_message) as MessageTemplate;
      const group_id = groupIdOf(scope, template.id, digest);
      return { group_id, group_title: titleOf(failure.error_type, templateText(template.tokens)), frames: scope.frames };
    });
    const ends = await this.ways.lead(own.map(({ group_id }, at) => ({ ...(failures[at] as F), group_id })));
    const assigned = own.map((group, at): AssignedGroup => {
      const end = ends[at] as GroupEnd;
      // One that was split off has a title of its own.
      return { ...group, group_id: end.group_id, ...(end.group?.split_from ? { group_title: end.group.title } : {}) };
    });
    return new Map(failures.map((failure, at) => [failure, assigned[at] as AssignedGroup]));
  }

  private async templatesOf(batches: readonly ScopedBatch[]): Promise<Map<string, Map<string, MessageTemplate>>> {
    const found = new Map<string, Map<string, MessageTemplate>>();
    let open = batches.filter((batch) => {
      const known = this.knownOf(batch);
      if (known) found.set(batch.scope.id, known);
      return !known;
    });
    for (let round = 0; open.length > 0; round += 1) {
      if (round === roundsMax) throw new Error('The templates of messages keep changing while failures are being grouped.');
      const stored = await this.learnt.load(open.map(({ scope }) => scope.id));
      const results = await Promise.all(
        open.map(async (batch) => {
          const kept = stored.get(batch.scope.id);
          const templates = kept ? MessageTemplates.restore(kept.learnt, settings) : new MessageTemplates(settings);
          return { batch, learnt: await this.learn(batch, templates, kept?.version ?? 0) };
        }),
      );
      for (const { batch, learnt } of results) if (learnt) found.set(batch.scope.id, learnt);
      open = results.filter(({ learnt }) => !learnt).map(({ batch }) => batch);
    }
    return found;
  }

  /** The templates of all messages, if the copy knows them all. */
  private knownOf({ scope, messages }: ScopedBatch): Map<string, MessageTemplate> | null {
    const copy = this.scopes.get(scope.id);
    if (!copy) return null;
    const found = new Map<string, MessageTemplate>();
    for (const message of new Set(messages)) {
      const template = copy.known(message);
      if (!template) return null;
      found.set(message, template);
    }
    return found;
  }

  /** Null when another replica has learnt in the meantime. */
  private async learn(
    { scope, messages }: ScopedBatch,
    templates: MessageTemplates,
    version: number,
  ): Promise<Map<string, MessageTemplate> | null> {
    const before = templates.revision;
    for (const message of new Set(messages)) templates.templateOf(message);
    const learns = templates.revision > before;
    if (learns) {
      const joined = templates.takeJoined().map(({ id, into }) => ({
        from: groupIdOf(scope, id, digest),
        into: groupIdOf(scope, into, digest),
      }));
      if (!(await this.learnt.save(scope.id, version, templates.snapshot(), joined))) return null;
    }
    this.hold(scope.id, templates);
    return new Map(messages.map((message) => [message, templates.templateOf(message)]));
  }

  private hold(scope: string, templates: MessageTemplates): void {
    this.scopes.delete(scope);
    this.scopes.set(scope, templates);
    for (const [oldest] of this.scopes) {
      if (this.scopes.size <= scopesMax) break;
      this.scopes.delete(oldest);
    }
  }
}
