/** Why the platform did not start: settings that cannot be used, or something it needs that is not there. */
export class PlatformStartError extends Error {
  override readonly name = 'PlatformStartError';

  constructor(
    readonly kind: 'settings' | 'unavailable',
    message: string,
    /** What to do about it. */
    readonly advice: string,
    /** The end of a log that tells more. */
    readonly log: string[] = [],
  ) {
    super(message);
  }
}
