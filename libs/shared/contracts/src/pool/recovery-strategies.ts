/** What a strategy says where the request does not. */
export const recoveryStrategies = {
  conservative: { max_allocation_hours: 48, force_release_long_allocated: false },
  aggressive: { max_allocation_hours: 24, force_release_long_allocated: true },
  maintenance: { max_allocation_hours: 24, force_release_long_allocated: false },
} as const;

export const recoveryStrategyNames = [
  'conservative',
  'aggressive',
  'maintenance',
] as const satisfies (keyof typeof recoveryStrategies)[];
