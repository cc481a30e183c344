/** Whether the database answers at this moment. */
export abstract class StorePulse {
  abstract beats(): Promise<boolean>;
}
