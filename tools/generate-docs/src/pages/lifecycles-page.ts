import type { Lifecycle, Transitions } from '../lifecycle.js';
import { code, codes, table, type Page } from '../markdown.js';

export function lifecyclesPage(lifecycles: readonly Lifecycle[]): Page {
  return {
    title: 'Lifecycles',
    intro: 'Everything that has states, and every legal move between them; any other move is refused and changes nothing.',
    body: lifecycles.flatMap(sectionOf),
  };
}

function sectionOf({ subject, source, transitions }: Lifecycle): string[] {
  return [
    `## The ${subject}`,
    `Made from [${source}](../../${source}), the table that the service itself runs on.`,
    diagramOf(transitions),
    table(
      ['Move', 'From', 'To', 'Event', 'When'],
      Object.entries(transitions).map(([name, { from, to, emits, about }]) => [
        code(name),
        codes(from),
        code(to),
        emits ? eventLink(emits) : '',
        about,
      ]),
    ),
    'What leads into each state and out of it:',
    table(
      ['State', 'Entered by', 'Left by'],
      statesOf(transitions).map((state) => [
        code(state),
        codes(movesInto(transitions, state)) || '–',
        codes(movesOutOf(transitions, state)) || 'nothing: it is final',
      ]),
    ),
  ];
}

function eventLink(name: string): string {
  return `[${code(name)}](events.md#${name.replace('.', '')})`;
}

/**
 * A state diagram that forges draw. Moves between the same two states share an arrow, and a move from every other
 * state is drawn once, from "any state": a line from each would hide the rest.
 */
export function diagramOf(transitions: Transitions): string {
  const states = statesOf(transitions);
  const arrows = new Map<string, string[]>();
  for (const [name, { from, to }] of Object.entries(transitions)) {
    const fromAny = states.length > 2 && states.every((state) => state === to || from.includes(state));
    const origins = fromAny ? [anyState] : from.length > 0 ? from : ['[*]'];
    for (const origin of origins) arrows.set(`${origin} --> ${to}`, [...(arrows.get(`${origin} --> ${to}`) ?? []), name]);
  }
  const lines = [
    ...([...arrows.keys()].some((arrow) => arrow.startsWith(anyState)) ? [`state "any state" as ${anyState}`] : []),
    ...[...arrows].map(([arrow, names]) => `${arrow}: ${names.join(', ')}`),
    ...states.filter((state) => movesOutOf(transitions, state).length === 0).map((state) => `${state} --> [*]`),
  ];
  return ['```mermaid', 'stateDiagram-v2', ...lines.map((line) => `  ${line}`), '```'].join('\n');
}

const anyState = 'any_state';

/** States in the order in which the table of moves meets them. */
function statesOf(transitions: Transitions): string[] {
  return [...new Set(Object.values(transitions).flatMap(({ from, to }) => [...from, to]))];
}

function movesInto(transitions: Transitions, state: string): string[] {
  return namesOf(transitions, ({ from, to }) => to === state && (from.length === 0 || from.some((origin) => origin !== state)));
}

function movesOutOf(transitions: Transitions, state: string): string[] {
  return namesOf(transitions, ({ from, to }) => to !== state && from.includes(state));
}

function namesOf(transitions: Transitions, matches: (transition: Transitions[string]) => boolean): string[] {
  return Object.entries(transitions).flatMap(([name, transition]) => (matches(transition) ? [name] : []));
}
