/**
 * Whether a pattern names an error type: the type itself (`smtp.451`), or everything that starts like it when it ends
 * with a star (`smtp.*`, `smtp.4*`, `*`).
 */
export function matchesErrorType(pattern: string, errorType: string): boolean {
  return pattern.endsWith('*') ? errorType.startsWith(pattern.slice(0, -1)) : pattern === errorType;
}

/** A star anywhere but at the end would match nothing that its writer had in mind. */
export function isErrorTypePattern(text: string): boolean {
  return !text.slice(0, -1).includes('*');
}
