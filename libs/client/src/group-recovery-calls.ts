import type { ActionInput, GroupRecovery, GroupRecoveryAnswer, GroupRecoveryPage, RecoveryItemPage } from '@kintsugi/contracts';
import type { Act, Read } from './calls.js';

/** Groups of failures that are run again a few at first, and then all of them. */
export function groupRecoveryCalls(read: Read, act: Act) {
  return {
    /** Runs a group again: a few first, and when enough of them recover the others, at a rate. */
    recoverGroup: (data: ActionInput<'recoverGroup'>): Promise<GroupRecoveryAnswer> =>
      act('/error-operations', 'recoverGroup', data),

    listGroupRecoveries: (query: ActionInput<'listGroupRecoveries'> = {}): Promise<GroupRecoveryPage> =>
      read('/v1/group-recoveries', query),

    /** The recovery of a group, with how far it is. */
    getGroupRecovery: (recoveryId: string): Promise<GroupRecovery> =>
      read(`/v1/group-recoveries/${encodeURIComponent(recoveryId)}`),

    /** What the recovery of a group has done about each record. */
    listRecoveryItems: (
      recoveryId: string,
      query: Omit<ActionInput<'listRecoveryItems'>, 'recovery_id'> = {},
    ): Promise<RecoveryItemPage> => read(`/v1/group-recoveries/${encodeURIComponent(recoveryId)}/items`, query),

    /** Approves a recovery that waits for it, as somebody else than who has asked for it. */
    approveGroupRecovery: (recoveryId: string): Promise<GroupRecovery> =>
      act('/error-operations', 'approveGroupRecovery', { recovery_id: recoveryId }),

    /** Ends the recovery of a group: nothing more is run. */
    cancelGroupRecovery: (recoveryId: string): Promise<GroupRecovery> =>
      act('/error-operations', 'cancelGroupRecovery', { recovery_id: recoveryId }),
  };
}
