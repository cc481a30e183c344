/** What BullMQ is measured with; it has a queue of each. */
export const bullmqLanes = ['noop', 'hold'] as const;
