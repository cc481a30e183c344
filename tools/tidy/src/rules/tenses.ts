import { commands, eventCatalogue, operations } from '@kintsugi/contracts';
import type { Finding, Rule } from '../rule.js';

/** Past participles that do not end in -ed. */
const irregular = new Set([
  'lost',
  'sent',
  'begun',
  'held',
  'kept',
  'left',
  'made',
  'put',
  'set',
  'split',
  'withdrawn',
  'frozen',
  'taken',
  'given',
]);

/** The verbs of our language. A new one is added here on purpose, so that two verbs never mean one thing. */
const verbs = new Set(
  `abandon acknowledge add analyze apply approve discard cancel check claim clone collect commit configure create defer delete detect diff drain explain export fetch follow forget get import isolate keep
  list merge pause preview quarantine read recover release remove replay reset resume retry requeue rerun revert run schedule search set split stage start stop
  submit take test trigger unpause unset update watch`.split(/\s+/),
);

/** Names that a specification outside our hands gives. */
const given = new Set([
  'manualRecover',
  'allocate',
  'release',
  'autoRecover',
  'forceUnlock',
  'cleanupStaleLocks',
  'heartbeatSlot',
]);

interface Vocabulary {
  events: readonly string[];
  commands: readonly string[];
}

/** An event is a fact and a command is a request: the name alone must tell which. */
export function tensesOf({ events, commands: names }: Vocabulary): Rule {
  return {
    sentence: 'events are called noun.past-participle, commands and actions verbNoun',
    check: () => [...events.flatMap(faultsOfEvent), ...names.flatMap(faultsOfCommand)],
  };
}

function faultsOfEvent(name: string): Finding[] {
  const [, participle] = /^[a-z]+(?:_[a-z]+)*\.(?:[a-z]+_)*([a-z]+)$/.exec(name) ?? [];
  const past = participle !== undefined && (participle.endsWith('ed') || irregular.has(participle));
  return past
    ? []
    : [{ path: 'libs/shared/contracts/src/event/event-catalogue.ts', message: `${name} is not noun.past-participle` }];
}

function faultsOfCommand(name: string): Finding[] {
  const [, verb] = /^([a-z]+)(?:[A-Z][a-z]*)+$/.exec(name) ?? [];
  const imperative = given.has(name) || (verb !== undefined && verbs.has(verb));
  return imperative
    ? []
    : [{ path: 'libs/shared/contracts/src/operations.ts', message: `${name} is not verbNoun with a verb of ours` }];
}

export const tenses = tensesOf({
  events: Object.keys(eventCatalogue),
  commands: [...Object.keys(commands), ...Object.keys(operations)],
});
