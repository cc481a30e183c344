import type { Readings } from '../../domain/figure-book.js';
import type { Contender } from '../contender.js';
import { measureGrouping } from './grouping.js';
import { measureRerunPlan } from './rerun-plan.js';

/** What stands between a failure and its repair: to sort it by kind, and to plan what is run again. */
export async function measureRepair({ system }: Contender, messages: number, plans: number): Promise<Readings> {
  return { ...measureGrouping(messages), ...(await measureRerunPlan(system.address, plans)) };
}
