const lengthMax = 300;

/** Why something could not be sent, in words: of several tries at the addresses of one name, the error itself says nothing. */
export function faultWords(error: unknown): string {
  const words = new Set(wordsOf(error));
  return ([...words].join('; ') || 'It failed, and nobody said why.').slice(0, lengthMax);
}

function wordsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  if (error.message !== '') return [error.message];
  const inner = error instanceof AggregateError ? (error.errors as unknown[]).flatMap(wordsOf) : [];
  return inner.length > 0 ? inner : [(error as NodeJS.ErrnoException).code ?? error.name];
}
