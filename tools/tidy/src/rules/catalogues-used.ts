import { commands, eventCatalogue, operations, problemCatalogue } from '@kintsugi/contracts';
import { metricCatalogue } from '@kintsugi/observability';
import ts from 'typescript';
import { builtCodeOf } from '../areas.js';
import type { Finding, Rule } from '../rule.js';
import { nodesOf, stringsOf } from '../syntax.js';
import type { SourceFile, Tree } from '../tree.js';

const catalogueFiles = ['libs/shared/contracts/src/{operations,streams}.ts', '**/*-catalogue.ts'];

/** An entry of a catalogue, and the files in which it must be met. */
interface Entry {
  name: string;
  files: string;
}

/** A catalogue promises what it lists: what no program text names does not belong in it. */
export function catalogueUsed(sentence: string, entries: readonly Entry[]): Rule {
  return { sentence, check: (tree) => entries.flatMap((entry) => faultsOf(entry, tree)) };
}

function faultsOf({ name, files }: Entry, tree: Tree): Finding[] {
  const candidates = builtCodeOf(tree).filter((file) => file.matches(files) && !file.matches(...catalogueFiles));
  return candidates.some((file) => namesIn(file).has(name)) ? [] : [{ path: files, message: `does not name ${name}` }];
}

const names = new WeakMap<SourceFile, Set<string>>();

/** The strings and the names of a file: a handler is found by either. */
function namesIn(file: SourceFile): Set<string> {
  let known = names.get(file);
  if (!known) {
    const identifiers = nodesOf(file).flatMap((node) => (ts.isIdentifier(node) ? [node.text] : []));
    names.set(file, (known = new Set([...identifiers, ...stringsOf(file).map(({ text }) => text)])));
  }
  return known;
}

export const eventsEmitted = catalogueUsed(
  'every event of the catalogue is emitted by its source',
  Object.entries(eventCatalogue).map(([name, { source }]) => ({ name, files: `apps/${source}/src/**/*.ts` })),
);

export const commandsHandled = catalogueUsed(
  'every durable command is carried out by job-service',
  Object.keys(commands).map((name) => ({ name, files: 'apps/job-service/src/inbox/**/*.ts' })),
);

/** Each service has an audit and dead letters, which are answered in one place for all. */
function filesOfAll(action: string): string | undefined {
  if (action.endsWith('Audit')) return 'libs/shared/{hosting/src/audit/*,contracts/src/audit/audit-actions}.ts';
  return /DeadLetters?$/.test(action) ? 'libs/shared/contracts/src/dead-letter/dead-letter-actions.ts' : undefined;
}

export const actionsAnswered = catalogueUsed(
  'every action is answered by its service',
  Object.entries(operations).map(([name, { service }]) => ({
    name,
    files: filesOfAll(name) ?? `apps/${service === 'pool' ? 'pool-agent' : `${service}-service`}/src/**/nats/*.ts`,
  })),
);

export const problemsRaised = catalogueUsed(
  'every problem of the catalogue is raised somewhere',
  Object.keys(problemCatalogue).map((name) => ({ name, files: '{apps,libs}/**/*.ts' })),
);

export const metricsKept = catalogueUsed(
  'every metric of the catalogue is kept by a process that it is assigned to',
  Object.entries(metricCatalogue).map(([name, { emittedBy }]) => ({
    name,
    files: `{apps/{${emittedBy.join(',')},},libs/shared/{hosting,observability}}/src/**/*.ts`,
  })),
);
