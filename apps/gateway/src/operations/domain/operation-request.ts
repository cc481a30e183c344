import {
  ProblemError,
  limits,
  oneOf,
  operations,
  shown,
  subjects,
  type ActionName,
  type Operation,
  type ProblemDetail,
} from '@kintsugi/contracts';

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
  const { allowed: names, hint: meant } = oneOf(allowed, action);
  const hint = placeOf(action) ?? meant;
  const told = hint ? `; ${hint}` : '';
  return new ProblemError('ACTION_UNKNOWN', `${path}: there is no action ${shown(action)} here, only ${names}${told}.`, {
    errors: [{ path, rule: 'VALUE', got: shown(action), allowed: names, ...(hint ? { hint } : {}) }],
  });
}

/** Where an action is that another door takes; null for one that is not for callers. */
function placeOf(action: string): string | null {
  const operation: Operation | undefined = Object.hasOwn(operations, action) ? operations[action as ActionName] : undefined;
  if (operation?.endpoint) return `it is at POST ${operation.endpoint}`;
  // What changes something and has no endpoint is between services, too.
  if (!operation || operation.tenancy === 'services' || operation.role === 'operator') return null;
  return `it is asked by GET, as /openapi.json tells, or at ${subjects.request(operation.service, action)} of NATS`;
}

function refusal(...errors: [ProblemDetail, ...ProblemDetail[]]): ProblemError {
  const [{ path, rule, got, allowed }] = errors;
  return new ProblemError('VALIDATION_FAILED', `${path || 'The body'}: ${rule}, got ${got}, allowed: ${allowed}.`, { errors });
}
