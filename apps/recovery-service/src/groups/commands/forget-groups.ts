import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { Clock } from '../../platform/clock.js';
import type { RecoveryServiceSettings } from '../../recovery-service.config.js';
import type { StoredGroup } from '../domain/failure-group.js';
import { FailureGroups, type GroupPlace } from '../failure-groups.js';

const groupsAtOnce = 200;
const dayMs = 86_400_000;

/**
 * Removes groups whose records are all gone and that have not failed for as long as records are kept. What people ignore stays
 * ignored, and a group stays for as long as one does that leads to it, or that it leads to.
 */
@Injectable()
export class ForgetGroups {
  constructor(
    private readonly groups: FailureGroups,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Pick<RecoveryServiceSettings, 'ERROR_RETENTION_DAYS'>,
  ) {}

  async execute(signal: AbortSignal): Promise<void> {
    const before = new Date(this.clock.now() - this.settings.ERROR_RETENTION_DAYS * dayMs).toISOString();
    let place: GroupPlace | null = { last_seen: before, id: '' };
    while (place && !signal.aborted) {
      const old: StoredGroup[] = await this.groups.latest({}, place, groupsAtOnce);
      for (const group of old) if (!signal.aborted) await this.forget(group, before);
      const last = old.at(-1);
      place = last && old.length === groupsAtOnce ? { last_seen: last.last_seen, id: last._id } : null;
    }
  }

  private async forget(group: StoredGroup, before: string): Promise<void> {
    // One that was split off goes with the one that leads to it.
    if (group.split_from && (await this.groups.find(group.split_from.group_id))) return;
    const family = await this.familyOf(group);
    if (family.some((member) => member.last_seen >= before || member.state === 'ignored')) return;
    if ((await this.groups.withRecords(family.map(({ _id }) => _id))).length > 0) return;
    // Those that lead on go last: while one is there, it has to lead somewhere.
    await this.groups.remove(family.toReversed());
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
