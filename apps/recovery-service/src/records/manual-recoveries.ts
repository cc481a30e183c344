import type { Actor, RequeueTasks } from '@kintsugi/contracts';

/** What a person has asked to be run again, and was granted. */
export interface ManualRecoveryRequest {
  id: string;
  requested_by: Actor;
  error_record_id: string | null;
  group_id: string | null;
  job_id: string | null;
  force: boolean;
  ignore_conditions: boolean;
  params: RequeueTasks['params'];
  from_step?: RequeueTasks['from_step'];
  /** Until when it may wait before its params are first asked for, in epoch milliseconds; left out where it does not. */
  waits_until?: number | undefined;
}

/** What a person has asked for: params that are laid over those of the tasks, or null. */
export interface PersonsOrder {
  params: RequeueTasks['params'] | null;
  /** The step from which their handlers run anew, or null. */
  fromStep: string | null;
  /** Null where it was asked for before that was kept. */
  requestedBy: Actor | null;
}

/** The manual recoveries: they say who the records' second life is due to, and hold the params. */
export abstract class ManualRecoveries {
  abstract add(request: ManualRecoveryRequest): Promise<void>;
  /** Of one of which nothing came. */
  abstract remove(id: string): Promise<void>;
  /** Removes what was asked for of these records or of all of these jobs. */
  abstract removeOf(recordIds: readonly string[], jobIds: readonly string[]): Promise<void>;
  /** Keeps what was asked for as long as if it were asked for now. False where it is not known any more. */
  abstract renew(id: string): Promise<boolean>;
  /** What was asked for by each manual recovery; one that is not known is left out. */
  abstract find(ids: readonly string[]): Promise<Map<string, PersonsOrder>>;
  /** The same, and each is renewed by that. */
  abstract ordersOf(ids: readonly string[]): Promise<Map<string, PersonsOrder>>;
}
