/** A backup that cannot be written or used as things are, with what to do about it. Nothing was changed. */
export class BackupError extends Error {
  override readonly name = 'BackupError';

  constructor(
    message: string,
    readonly advice: string,
  ) {
    super(message);
  }
}
