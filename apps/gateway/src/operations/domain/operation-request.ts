import { ProblemError, limits, operations, shown, type ActionName, type ProblemDetail } from '@kintsugi/contracts';

export type OperationsEndpoint = '/job-operations' | '/error-operations' | '/pool-operations';

/** An action and its data, not yet checked against the action's contract. */
export interface OperationRequest {
  action: ActionName;
  data: unknown;
}

/** The actions that an endpoint takes as `{action, data}`. */
export type EndpointAction = {
  [Action in ActionName]: (typeof operations)[Action] extends { endpoint: string } ? Action : never;
}[ActionName];

/** The actions of one endpoint, in the order in which they are declared. */
export function actionsOf(endpoint: OperationsEndpoint): EndpointAction[] {
  return (Object.keys(operations) as EndpointAction[]).filter((action) => endpointOf(action) === endpoint);
}

/**
 * Reads `{action, data}`.
 * @param at what the paths start with, such as `line 1`; empty for a whole body
 */
export function readOperation(body: unknown, allowed: readonly ActionName[], at = ''): OperationRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refusal({ path: at, rule: 'TYPE', got: shown(body), allowed: 'an object {action, data}' });
  }
  const { action, data, ...others } = body as Record<string, unknown>;
  if (typeof action !== 'string') {
    const rule = action === undefined ? 'REQUIRED' : 'TYPE';
    throw refusal({ path: pathOf(at, 'action'), rule, got: shown(action), allowed: allowed.join(', ') });
  }
  const known = allowed.find((name) => name === action);
  if (!known) throw unknownAction(pathOf(at, 'action'), action, allowed);
  const strangers = Object.keys(others).slice(0, limits.problemErrors);
  const [first, ...more] = strangers.map((field) => unknownField(pathOf(at, field.slice(0, 100)), others[field]));
  if (first) throw refusal(first, ...more);
  if (data === undefined) throw refusal({ path: pathOf(at, 'data'), rule: 'REQUIRED', got: 'nothing', allowed: 'an object' });
  return { action: known, data };
}

function endpointOf(action: ActionName): string | undefined {
  const operation = operations[action];
  return 'endpoint' in operation ? operation.endpoint : undefined;
}

function pathOf(at: string, field: string): string {
  return at ? `${at}.${field}` : field;
}

function unknownField(path: string, value: unknown): ProblemDetail {
  return { path, rule: 'UNKNOWN_FIELD', got: shown(value), allowed: 'action, data' };
}

function unknownAction(path: string, action: string, allowed: readonly ActionName[]): ProblemError {
  const names = allowed.join(', ');
  return new ProblemError('ACTION_UNKNOWN', `${path}: there is no action ${shown(action)} here, only ${names}.`, {
    errors: [{ path, rule: 'VALUE', got: shown(action), allowed: names }],
  });
}

function refusal(...errors: [ProblemDetail, ...ProblemDetail[]]): ProblemError {
  const [{ path, rule, got, allowed }] = errors;
  return new ProblemError('VALIDATION_FAILED', `${path || 'The body'}: ${rule}, got ${got}, allowed: ${allowed}.`, { errors });
}
