import { limits } from '@kintsugi/contracts';
import { TaskError, type FailureFacts } from './task-error.js';

export interface MappedFailure extends FailureFacts {
  error_message?: string;
}

/** Names an error that the handler threw; undefined leaves it to the next mapping. */
export type ErrorMapping = (error: unknown) => MappedFailure | undefined;

/** Error codes of Node's network calls, by what they mean for a task. */
const networkCodes: Record<string, string> = {
  ECONNRESET: 'net.reset',
  EPIPE: 'net.reset',
  ECONNABORTED: 'net.reset',
  ESOCKET: 'net.reset',
  ETIMEDOUT: 'net.timeout',
  ESOCKETTIMEDOUT: 'net.timeout',
  ETIME: 'net.timeout',
  UND_ERR_CONNECT_TIMEOUT: 'net.timeout',
  UND_ERR_HEADERS_TIMEOUT: 'net.timeout',
  UND_ERR_BODY_TIMEOUT: 'net.timeout',
  ECONNREFUSED: 'net.refused',
  ENOTFOUND: 'net.dns',
  EAI_AGAIN: 'net.dns',
  EHOSTUNREACH: 'net.unreachable',
  ENETUNREACH: 'net.unreachable',
};

/** The failure that an error amounts to: by the handler's own words, the caller's mappings, codes, or its name. */
export function describeFailure(
  error: unknown,
  mappings: readonly ErrorMapping[],
): Required<Pick<MappedFailure, 'error_type' | 'error_message'>> & MappedFailure {
  const message = error instanceof Error ? error.message : String(error);
  const facts = factsOf(error, mappings);
  return {
    ...facts,
    error_type: cleanType(facts.error_type),
    error_message: (facts.error_message ?? message).slice(0, limits.errorMessageLength),
  };
}

function factsOf(error: unknown, mappings: readonly ErrorMapping[]): MappedFailure {
  if (TaskError.is(error)) return error.facts;
  for (const mapping of mappings) {
    const mapped = mapping(error);
    if (mapped) return mapped;
  }
  return byCode(error) ?? { error_type: error instanceof Error ? `error.${error.name}` : 'error.thrown' };
}

function byCode(error: unknown): FailureFacts | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { responseCode, code, statusCode, status } = error as Record<string, unknown>;
  if (typeof responseCode === 'number' && responseCode >= 400) {
    return { error_type: `smtp.${responseCode}` };
  }
  if (typeof code === 'string' && code in networkCodes) return { error_type: networkCodes[code] as string };
  const http = typeof statusCode === 'number' ? statusCode : status;
  if (typeof http === 'number' && http >= 400 && http < 600) return { error_type: `http.${http}` };
  if ((error as Error).name === 'TimeoutError') return { error_type: 'net.timeout' };
  const { cause } = error as { cause?: unknown };
  return cause === undefined ? undefined : byCode(cause);
}

/** An error type names a policy: only what such a name may hold is kept. */
function cleanType(type: string): string {
  return type.replace(/[^A-Za-z0-9_.:-]/g, '_').slice(0, limits.idLength) || 'error.unnamed';
}
