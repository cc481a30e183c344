import { chainOf, type ErrorLink } from '../error-chain.js';
import { TaskError } from '../task-error.js';

/** An error on its way between a worker and the process of a handler: its class stays behind, what failures are named by goes with it. */
export type ToldError = { thrown: unknown } | CarriedError;

interface CarriedError {
  thrown?: undefined;
  name: string;
  message: string;
  stack: string;
  own: Record<string, unknown>;
  isTaskError?: boolean;
  cause?: ToldError;
  errors?: ToldError[];
}

/** The error that was thrown over there, as far as it came along. */
export function errorOfTold(told: ToldError): unknown {
  if (told.thrown !== undefined || !('message' in told)) return told.thrown;
  const { name, message, stack, own, isTaskError, cause, errors } = told;
  const options = cause === undefined ? {} : { cause: errorOfTold(cause) };
  const error = isTaskError
    ? new TaskError(message, own['details'] as TaskError['details'], options)
    : Object.assign(new Error(message, options), own);
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  error.stack = stack;
  if (errors) Object.assign(error, { errors: errors.map(errorOfTold) });
  return error;
}

/** An error of the worker's, as it is told to a handler that asked for something. */
export function toldOfError(error: unknown): ToldError {
  return toldOfLink(chainOf(error));
}

function toldOfLink({ value, isError, name, text, stack, causes: [cause] }: ErrorLink): ToldError {
  if (!isError) return { thrown: text };
  const isTaskError = TaskError.is(value);
  const { code } = value as { code?: unknown };
  return {
    ...{ name: name ?? 'Error', message: text, stack: stack ?? '' },
    own: { ...(isTaskError ? { details: value.details } : {}), ...(typeof code === 'string' ? { code } : {}) },
    ...(isTaskError ? { isTaskError } : {}),
    ...(cause ? { cause: toldOfLink(cause) } : {}),
  };
}
