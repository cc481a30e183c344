/** What this replica knows of its leadership. */
export abstract class Leader {
  /** Rises with each change of leader; 0 before this replica leads. */
  abstract readonly epoch: number;

  /** Resolves while this replica surely leads, and never when another one does. */
  abstract assertLeading(): Promise<void>;
}
