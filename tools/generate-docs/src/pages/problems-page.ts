import { problemCatalogue } from '@kintsugi/contracts';
import { code, table, type Page } from '../markdown.js';

export function problemsPage(): Page {
  return {
    title: 'Problems',
    intro:
      'Every refusal has one of these codes, the same at HTTP (as `application/problem+json`), in NATS replies and in the command line; a code is never renamed and never reused.',
    body: [
      'A problem is retryable when the same request, unchanged, can succeed later. `errors[]` names each fault with its `path`, the `rule` it breaks, what was `got` and what is `allowed`.',
      table(
        ['Code', 'HTTP status', 'Retryable', 'What it says'],
        Object.entries(problemCatalogue).map(([name, { status, retryable, title }]) => [
          code(name),
          String(status),
          retryable ? 'yes' : 'no',
          title,
        ]),
      ),
    ],
  };
}
