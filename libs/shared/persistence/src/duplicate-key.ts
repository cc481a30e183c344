import { MongoBulkWriteError, type MongoServerError, type WriteError } from 'mongodb';

const duplicateKey = 11_000;

/** Whether a write of one document found its id, or what else may be there once only, taken. */
export function isDuplicateKey(error: unknown): error is MongoServerError {
  // By the code alone: mongoose may bring a driver, and so classes, of its own.
  return error instanceof Error && (error as MongoServerError).code === duplicateKey;
}

/**
 * The documents of a bulk write that were there before. Throws the error again where anything else is wrong too, or where what was
 * written is not safe yet: its own code tells of the first fault only.
 */
export function duplicatesIn(error: unknown): WriteError[] {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) throw error;
  const errors = [error.writeErrors].flat();
  if (errors.length === 0 || errors.some(({ code }) => code !== duplicateKey)) throw error;
  return errors;
}
