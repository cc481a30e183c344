import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, SETTINGS } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import { Clock } from '../../platform/clock.js';
import type { RecoveryServiceSettings } from '../../recovery-service.config.js';
import type { StoredGroup } from '../domain/failure-group.js';
import { isSaidOf, isStillSince } from '../domain/said-of-group.js';
import { FailureGroups, type GroupPlace } from '../failure-groups.js';

const groupsAtOnce = 200;
const dayMs = 86_400_000;

/**
 * Removes groups whose records are all gone and that have not failed for as long as records are kept. A group stays for as long
 * as one does that leads to it, or that it leads to. What a person has said of one is kept, unless there are very many.
 */
@Injectable()
export class ForgetGroups {
  /** How many groups are kept for what people have said of them, those that failed last. */
  readonly saidMax: number = 10_000;
  private said = 0;
  /** Where the next look goes on; null: with the one that failed last. */
  private place: GroupPlace | null = null;

  constructor(
    private readonly groups: FailureGroups,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Pick<RecoveryServiceSettings, 'ERROR_RETENTION_DAYS'>,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  /** Looks at some of them. Gives whether there are more; else the next look begins anew. */
  async execute(signal: AbortSignal): Promise<boolean> {
    const before = new Date(this.clock.now() - this.settings.ERROR_RETENTION_DAYS * dayMs).toISOString();
    if (!this.place) this.said = 0;
    const old = await this.groups.latest({}, this.place ?? { last_seen: before, id: '' }, groupsAtOnce);
    const last = old.at(-1);
    // First of all: what cannot be forgotten now keeps none behind it from being met.
    this.place = last && old.length === groupsAtOnce ? { last_seen: last.last_seen, id: last._id } : null;
    const unsaid = old.filter((group) => !(isSaidOf(group) && this.hasRoom()));
    const filled = new Set(await this.groups.withRecords(unsaid.map(({ _id }) => _id)));
    for (const group of unsaid) if (!signal.aborted && !filled.has(group._id)) await this.forget(group, before);
    return this.place !== null;
  }

  private hasRoom(): boolean {
    if (this.said >= this.saidMax) return false;
    this.said += 1;
    return true;
  }

  private async forget(group: StoredGroup, before: string): Promise<void> {
    // One that was split off goes with the one that leads to it.
    if (group.split_from && (await this.groups.find(group.split_from.group_id))) return;
    const family = await this.familyOf(group);
    if (!family.every((member) => isStillSince(before, member))) return;
    if ((await this.groups.withRecords(family.map(({ _id }) => _id))).length > 0) return;
    const said = family.filter(isSaidOf);
    if (said.length > 0 && this.hasRoom()) return;
    if (!(await this.groups.remove(family))) return;
    for (const { _id, tenant, title, state, assignee, note } of said) {
      const lost = { group: _id, tenant, title, state, assignee, note };
      this.logger.warn(lost, 'A group that a person had said something of was forgotten: there are too many like it');
    }
  }

  /** With all that it leads to, or that leads to it. */
  private async familyOf(group: StoredGroup): Promise<StoredGroup[]> {
    const met = new Map([[group._id, group]]);
    for (let open = [group]; open.length > 0;) {
      const ids = open.flatMap(({ splits = [], merged_into: root }) => [
        ...splits.map(({ into }) => into),
        ...(root === null ? [] : [root]),
      ]);
      const led = await this.groups.findMany(ids);
      const parts = await this.groups.partsOf(open.map(({ _id }) => _id));
      open = [...led.values(), ...parts].filter(({ _id }) => !met.has(_id));
      for (const member of open) met.set(member._id, member);
    }
    return [...met.values()];
  }
}
