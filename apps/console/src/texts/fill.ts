import type { en } from './en.js';

export type TextKey = keyof typeof en;

export type Values = Record<string, string | number>;

/** A text of a catalogue with its `{places}` filled. */
export function fill(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : place));
}
