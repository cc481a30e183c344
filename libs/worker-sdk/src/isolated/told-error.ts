import { chainOf, type ErrorLink } from '../error-chain.js';
import { TaskError, type FailureDetails } from '../task-error.js';
import { textOfValue, valueOfText, type JsonText } from './json-text.js';

/** An error on its way between a worker and the process of a handler: its class stays behind, what failures are named by goes with it. */
export type ToldError = { thrown: unknown } | CarriedError;

interface CarriedError {
  thrown?: undefined;
  name: string;
  message: string;
  stack: string;
  own: Record<string, unknown>;
  /** Of an error that names its failure itself. */
  details?: ToldDetails;
  cause?: ToldError;
  errors?: ToldError[];
}

/** The result apart, which alone may be too large or no JSON. */
type ToldDetails = Omit<FailureDetails, 'result'> & { result?: JsonText };

/** The error that was thrown over there, as far as it came along. */
export function errorOfTold(told: ToldError): unknown {
  if (told.thrown !== undefined || !('message' in told)) return told.thrown;
  const { name, message, stack, own, details, cause, errors } = told;
  const options = cause === undefined ? {} : { cause: errorOfTold(cause) };
  const error = details
    ? new TaskError(message, detailsOfTold(details), options)
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
  const { code } = value as { code?: unknown };
  return {
    ...{ name: name ?? 'Error', message: text, stack: stack ?? '' },
    own: typeof code === 'string' ? { code } : {},
    ...(TaskError.is(value) ? { details: toldDetails(value.details) } : {}),
    ...(cause ? { cause: toldOfLink(cause) } : {}),
  };
}

function detailsOfTold({ result, ...words }: ToldDetails): FailureDetails {
  return result === undefined ? words : { ...words, result: valueOfText(result) };
}

function toldDetails({ result, ...words }: FailureDetails): ToldDetails {
  return result === undefined ? words : { ...words, result: textOfValue(result) };
}
