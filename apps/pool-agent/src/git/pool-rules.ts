/** Which repositories may be cloned here. */
export class PoolRules {
  /** @param allowed the patterns as they were given */
  constructor(
    readonly patterns: readonly RegExp[],
    readonly allowed: string,
  ) {}
}
