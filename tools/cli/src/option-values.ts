import { Argument, InvalidArgumentError } from 'commander';

/** Items of a page unless somebody says how many. */
export const pageSize = 20;

/** What is to be done, of a command that lists what there is where nothing else is asked for. */
export function actionOrList(actions: readonly string[]): Argument {
  return new Argument('[action]').choices(actions).default('list');
}

export interface KeyValue {
  key: string;
  value: string;
}

/** Whole numbers only; the bounds of each are told by whoever knows them. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number is wanted.');
  return Number(text);
}

/** A number of things of which there must be some. */
export function atLeastOne(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('A whole number of at least 1 is wanted.');
  return number;
}

export function decimal(text: string): number {
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(text)) throw new InvalidArgumentError('A number is wanted.');
  return Number(text);
}

/** Collects an option that may be given again. */
export function keyValues(text: string, before: KeyValue[] = []): KeyValue[] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('KEY=VALUE is wanted.');
  return [...before, { key: text.slice(0, equals), value: text.slice(equals + 1) }];
}

/** Collects an option that may be given again. */
export function oneMore(text: string, before: string[] = []): string[] {
  return [...before, text];
}

/** Collects an option that may be given again, each time with one of the choices. */
export function oneMoreOf(choices: readonly string[]): (text: string, before: string[] | undefined) => string[] {
  return (text, before) => {
    if (!choices.includes(text)) throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
    return oneMore(text, before);
  };
}
