/**
 * What a handler gets after a manual recovery with params: they are laid over the fields of a payload that is an object, and
 * take the place of any other, which has no fields.
 */
export function layParamsOver(payload: unknown, params: Record<string, unknown>): Record<string, unknown> {
  const hasFields = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
  return hasFields ? { ...payload, ...params } : { ...params };
}
