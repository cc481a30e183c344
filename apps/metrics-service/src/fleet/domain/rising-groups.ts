import type { FailureGroup, Fleet } from '@kintsugi/contracts';

type RisingGroup = NonNullable<Fleet['groups_rising']>[number];

const hourMs = 3_600_000;
/** Fewer failures in an hour are nothing to look at yet. */
const failuresMin = 5;
const toldMax = 10;
/** Chance alone seldom goes this many times its spread beyond what is usual. */
const spreads = 3;

/** The groups that grow faster than in the day before, and than chance would have it; the steepest first. */
export function risingGroups(groups: readonly FailureGroup[], now: number): RisingGroup[] {
  const sharePassed = (now % hourMs) / hourMs;
  return groups
    .filter(({ state }) => state !== 'ignored')
    .map((group): RisingGroup => {
      const [underWay = 0, lastWhole = 0, ...before] = group.per_hour.toReversed();
      return {
        ...{ group_id: group.id, tenant: group.tenant, error_type: group.error_type, title: group.title, state: group.state },
        last_hour: Math.round(underWay + lastWhole * (1 - sharePassed)),
        usual_hour: Math.round((before.reduce((sum, count) => sum + count, 0) / Math.max(1, before.length)) * 10) / 10,
      };
    })
    .filter(({ last_hour: last, usual_hour: usual }) => last >= failuresMin && last > usual + spreads * Math.sqrt(usual + 1))
    .sort((a, b) => steepness(b) - steepness(a))
    .slice(0, toldMax);
}

function steepness({ last_hour: last, usual_hour: usual }: RisingGroup): number {
  return (last - usual) / Math.sqrt(usual + 1);
}
