import { eventNameOf, problemCatalogue, streams, subjects } from '@kintsugi/contracts';
import { metricCatalogue } from '@kintsugi/observability';
import { builtCodeOf } from '../areas.js';
import type { Rule } from '../rule.js';
import { stringsOf, type Piece } from '../syntax.js';
import type { SourceFile } from '../tree.js';

const contracts = 'libs/shared/contracts/src/**';

/** Names streams by keys that the compiler holds to the contracts, because it is what makes and reads them. */
const messaging = 'libs/shared/messaging/src/**';

/** The first token of all our subjects, such as `kin.`, followed by a next token. */
const subject = new RegExp(`(^|[^\\w.])${subjects.allEvents.split('.')[0]}\\.[a-z>*]`);

/** Subjects, streams and event types as they travel: code asks the contracts for them and never spells them. */
export const declaredOnce: Rule = {
  sentence: 'subjects, stream names and event types are spelled in the contracts only',
  check: (tree) =>
    builtCodeOf(tree)
      .filter((file) => !file.matches(contracts))
      .flatMap((file) =>
        stringsOf(file).flatMap((piece) => {
          const declaration = placeOfDeclaration(piece.text, file);
          return declaration
            ? [{ path: file.path, line: piece.line, message: `"${piece.text}" is spelled out: take it from ${declaration}` }]
            : [];
        }),
      ),
};

function placeOfDeclaration(text: string, file: SourceFile): string | null {
  if (subject.test(text)) return 'subjects of @kintsugi/contracts';
  if (text in streams && !file.matches(messaging)) return 'streams of @kintsugi/contracts';
  if (eventNameOf(text) !== null) return 'eventType() of @kintsugi/contracts';
  return null;
}

/** A problem code or metric name in code is a reference: the compiler holds most of them to the catalogue, this rule all. */
export const declaredAtAll: Rule = {
  sentence: 'every problem code and metric name in code stands in its catalogue',
  check: (tree) =>
    builtCodeOf(tree).flatMap((file) =>
      [...newProblems(file.text), ...stringsOf(file).filter(({ text }) => looksLikeMetric(text))]
        .filter(({ text }) => !(text in problemCatalogue) && !(text in metricCatalogue))
        .map(({ text, line }) => ({ path: file.path, line, message: `${text} is in no catalogue` })),
    ),
};

function newProblems(text: string): Piece[] {
  return [...text.matchAll(/new ProblemError\(\s*'(\w+)'/g)].map((match) => ({
    text: match[1] ?? '',
    line: text.slice(0, match.index).split('\n').length,
  }));
}

/** Prometheus asks for a unit or `_total` at the end; that tells a metric from a database of the same prefix. */
function looksLikeMetric(text: string): boolean {
  return /^(kintsugi|http_server)_[a-z0-9_]+_(total|seconds|bytes|ratio|info)$/.test(text);
}
