import type { ActionInput, ActionName, ActionResponse } from '@kintsugi/contracts';
import { RequestProblem } from './problem.js';

/** Where the console is shown: empty, or the path under which a proxy has put it. */
export const prefix = document.querySelector<HTMLMetaElement>('meta[name="kintsugi-prefix"]')?.content ?? '';

export type Endpoint = '/job-operations' | '/error-operations' | '/pool-operations';

type Query = Record<string, string | number | undefined>;

/** Told when the platform says that nobody is signed in any more. */
let onSignedOut: () => void = () => undefined;

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export async function get<Answer>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer> {
  return request('GET', withQuery(path, query), undefined, signal);
}

/** The path with what of the query is given. */
export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const search = new URLSearchParams(given).toString();
  return search ? `${path}?${search}` : path;
}

/** Asks for an action by its name. */
export async function act<Action extends ActionName>(
  endpoint: Endpoint,
  action: Action,
  data: ActionInput<Action>,
  signal?: AbortSignal,
): Promise<ActionResponse<Action>> {
  return request('POST', endpoint, { action, data }, signal);
}

export async function request<Answer>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(prefix + path, {
      method,
      credentials: 'same-origin',
      headers: { 'x-kintsugi-console': '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new RequestProblem(0, 'UNREACHABLE', 'The gateway does not answer.', null);
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as Answer;
  if (response.status === 401 && !path.startsWith('/console/')) onSignedOut();
  throw RequestProblem.of(response.status, answer, response.headers.get('x-request-id'));
}
