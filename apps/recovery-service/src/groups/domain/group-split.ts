import type { SplitFrom } from '@kintsugi/contracts';
import { titleOf, type Digest } from './group-scope.js';
import { bare, placesOf, titleWith, valuesIn } from './template-values.js';

/** What decides which half a failure of a group is of: for those that are there and for those to come. */
export type SplitRule = SplitFrom['by'];

export interface SplitFailure {
  error_type: string;
  error_message: string;
}

export function fitsSplit(rule: SplitRule, { error_type, error_message }: SplitFailure): boolean {
  if (rule.kind === 'type') return rule.error_types.includes(error_type);
  const value = valuesIn(rule.title, error_message)?.[rule.place - 1];
  return value !== undefined && rule.values.includes(value);
}

/** A rule as it is stored: the same however it was asked for. */
export function splitByValue(title: string, place: number, values: readonly string[]): SplitRule {
  return { kind: 'value', title, place, values: sorted(values.map(bare)) };
}

export function splitByType(errorTypes: readonly string[]): SplitRule {
  return { kind: 'type', error_types: sorted(errorTypes) };
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

/** The group that a rule leads to: the same whenever and wherever the same is asked for. */
export function splitGroupIdOf(groupId: string, rule: SplitRule, digest: Digest): string {
  return `grp_${digest(`${groupId}\n${JSON.stringify(rule)}`).slice(0, 32)}`;
}

/** What the places of a group are counted in, and what fills some of them where it is shown. */
export interface TitlePlaces {
  /** Nothing is filled in it: a value may stand in quotes in messages, and without them in the title that is shown. */
  title: string;
  filled: { place: number; value: string }[];
}

export function titlePlacesOf({ title, places }: { title: string; places?: TitlePlaces }): TitlePlaces {
  return places ?? { title, filled: [] };
}

/** The places that are left to split by, as a person counts them in the title that is shown. */
export function openPlacesOf({ title, filled }: TitlePlaces): number[] {
  const all = Array.from({ length: placesOf(title) }, (_, at) => at + 1);
  return all.filter((place) => !filled.some((other) => other.place === place));
}

/** The places of what a rule splits off: the one that it looks at is filled where there is one value. */
export function placesBehind(places: TitlePlaces, rule: SplitRule): TitlePlaces {
  const [value, ...others] = rule.kind === 'value' ? rule.values : [];
  if (rule.kind !== 'value' || value === undefined || others.length > 0) return places;
  const filled = rule.title === places.title ? places.filled.filter(({ place }) => place !== rule.place) : [];
  return { title: rule.title, filled: [...filled, { place: rule.place, value }] };
}

export function titleShown(errorType: string, { title, filled }: TitlePlaces): string {
  return titleOf(errorType, titleWith(title, filled));
}

/** Values that a rule may have. */
const valuesMax = 100;

/**
 * What sets records apart from the others of their group, so that a failure to come can be told by it: their error types, or
 * what they have in one place of the message. Null where it is nothing of both.
 */
export function splitBetween(title: string, chosen: readonly SplitFailure[], others: readonly SplitFailure[]): SplitRule | null {
  const byType = splitByType(chosen.map(({ error_type }) => error_type));
  if (!others.some((other) => fitsSplit(byType, other))) return byType;
  for (let place = 1; place <= placesOf(title); place += 1) {
    const values = chosen.map(({ error_message }) => valuesIn(title, error_message)?.[place - 1]);
    const known = values.filter((value) => value !== undefined);
    if (known.length < values.length || new Set(known).size > valuesMax) continue;
    const byValue = splitByValue(title, place, known);
    if (!others.some((other) => fitsSplit(byValue, other))) return byValue;
  }
  return null;
}
