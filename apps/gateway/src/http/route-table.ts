/** One route as it was registered: `GET /v1/jobs/:id`. */
export interface Route {
  method: string;
  path: string;
}

/** The methods that a path answers, in alphabetical order; none when there is no such path. */
export function methodsOfPath(routes: readonly Route[], path: string): string[] {
  const segments = path.split('/');
  const methods = routes.filter((route) => matches(route.path.split('/'), segments)).map((route) => route.method);
  return [...new Set(methods)].sort();
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  if (template.length !== segments.length) return false;
  return template.every((part, index) => (part.startsWith(':') ? segments[index] !== '' : part === segments[index]));
}
