import type {
  ActionInput,
  ActionName,
  ActionResponse,
  AutoRecoveryReport,
  PoolAnomalies,
  PoolView,
  SlotRecovery,
  SlotView,
} from '@kintsugi/contracts';

type Act = <Action extends ActionName>(action: Action, data: ActionInput<Action>) => Promise<ActionResponse<Action>>;

/** Pools of git working copies: who has which slot, what is wrong with slots, and their repair. */
export function poolManager(act: Act) {
  return {
    createPool: (pool: ActionInput<'createPool'>): Promise<PoolView> => act('createPool', pool),

    getPool: (name: string, options: Omit<ActionInput<'getPool'>, 'name'> = {}): Promise<PoolView> =>
      act('getPool', { name, ...options }),

    /** Of all hosts; `hosts_away` says which did not answer. */
    listPools: (query: ActionInput<'listPools'> = {}): Promise<ActionResponse<'listPools'>> => act('listPools', query),

    deletePool: (name: string, options: Omit<ActionInput<'deletePool'>, 'name'> = {}): Promise<ActionResponse<'deletePool'>> =>
      act('deletePool', { name, ...options }),

    /** Of one that is gone for good; refused while its agent runs. */
    forgetPoolHost: (
      host: string,
      options: Omit<ActionInput<'forgetPoolHost'>, 'host'> = {},
    ): Promise<ActionResponse<'forgetPoolHost'>> => act('forgetPoolHost', { host, ...options }),

    addSlot: (pool: string, options: Omit<ActionInput<'addSlot'>, 'pool'> = {}): Promise<SlotView> =>
      act('addSlot', { pool, ...options }),

    removeSlot: (
      slotId: string,
      options: Omit<ActionInput<'removeSlot'>, 'slot_id'> = {},
    ): Promise<ActionResponse<'removeSlot'>> => act('removeSlot', { slot_id: slotId, ...options }),

    /** Gives a clean slot, with the token that proves who has it. */
    allocate: (wish: ActionInput<'allocate'>): Promise<ActionResponse<'allocate'>> => act('allocate', wish),

    /** To be said within `lease_s`, again and again. */
    heartbeatSlot: (slotId: string, token: number): Promise<SlotView> => act('heartbeatSlot', { slot_id: slotId, token }),

    release: (slotId: string, options: Omit<ActionInput<'release'>, 'slot_id'>): Promise<ActionResponse<'release'>> =>
      act('release', { slot_id: slotId, ...options }),

    ...detection(act),
    ...repair(act),
  };
}

function detection(act: Act) {
  return {
    detectLongAllocatedSlots: (
      query: ActionInput<'detectLongAllocatedSlots'> = {},
    ): Promise<ActionResponse<'detectLongAllocatedSlots'>> => act('detectLongAllocatedSlots', query),

    detectCorruptedSlots: (query: ActionInput<'detectCorruptedSlots'> = {}): Promise<ActionResponse<'detectCorruptedSlots'>> =>
      act('detectCorruptedSlots', query),

    detectOrphanedLocks: (query: ActionInput<'detectOrphanedLocks'> = {}): Promise<ActionResponse<'detectOrphanedLocks'>> =>
      act('detectOrphanedLocks', query),

    /** All three at once. */
    detectAnomalies: (query: ActionInput<'detectAnomalies'> = {}): Promise<PoolAnomalies> => act('detectAnomalies', query),

    detectStaleLocks: (query: ActionInput<'detectStaleLocks'> = {}): Promise<ActionResponse<'detectStaleLocks'>> =>
      act('detectStaleLocks', query),
  };
}

function repair(act: Act) {
  return {
    /** Repairs a slot. With `force` it is called available whatever comes of it, and is then not verified. */
    recoverSlot: (slotId: string, options: Omit<ActionInput<'recoverSlot'>, 'slot_id'> = {}): Promise<SlotRecovery> =>
      act('recoverSlot', { slot_id: slotId, ...options }),

    isolateSlot: (slotId: string, options: Omit<ActionInput<'isolateSlot'>, 'slot_id'> = {}): Promise<SlotView> =>
      act('isolateSlot', { slot_id: slotId, ...options }),

    autoRecover: (rules: ActionInput<'autoRecover'> = {}): Promise<AutoRecoveryReport> => act('autoRecover', rules),

    cleanupStaleLocks: (query: ActionInput<'cleanupStaleLocks'> = {}): Promise<ActionResponse<'cleanupStaleLocks'>> =>
      act('cleanupStaleLocks', query),

    forceUnlock: (
      slotId: string,
      options: Omit<ActionInput<'forceUnlock'>, 'slot_id'> = {},
    ): Promise<ActionResponse<'forceUnlock'>> => act('forceUnlock', { slot_id: slotId, ...options }),
  };
}
