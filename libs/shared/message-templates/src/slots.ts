import { hashesOf } from './token-hash.js';
import { isWild } from './wildcard.js';

/** A form of message that was met: its tokens, and whatever is known of it. */
export interface Form {
  readonly tokens: readonly string[];
}

/** Forms that are the same but for the token at one place. */
export interface Slot<F extends Form> {
  at: number;
  forms: F[];
}

/** Whether a token may differ between messages of one template: words may, punctuation may not. */
function isWordlike(token: string): boolean {
  return isWild(token) || /[\p{L}\p{N}_]/u.test(token);
}

/** Finds forms that differ in one token. */
export class Slots<F extends Form> {
  private readonly slots = new Map<number, F[]>();

  add(form: F): void {
    for (const { hash } of placesOf(form.tokens)) {
      const known = this.slots.get(hash);
      if (known) known.push(form);
      else this.slots.set(hash, [form]);
    }
  }

  remove(form: F): void {
    for (const { hash } of placesOf(form.tokens)) {
      const rest = (this.slots.get(hash) ?? []).filter((other) => other !== form);
      if (rest.length > 0) this.slots.set(hash, rest);
      else this.slots.delete(hash);
    }
  }

  /** The forms that differ from these tokens in the word at one place, or are the same; for each place that has some. */
  *around(tokens: readonly string[]): Generator<Slot<F>> {
    for (const { at, hash } of placesOf(tokens)) {
      const forms = this.slots.get(hash)?.filter((form) => differOnlyAt(at, form.tokens, tokens));
      if (forms && forms.length > 0) yield { at, forms };
    }
  }
}

/** The places of words beside which there is another that is none of a value. Without one, all short messages would be the same. */
function* placesOf(tokens: readonly string[]): Generator<{ at: number; hash: number }> {
  const words = tokens.filter(isTelling).length;
  if (words === 0) return;
  const hashes = hashesOf(tokens);
  for (const [at, token] of tokens.entries()) {
    if (isWordlike(token) && words > (isTelling(token) ? 1 : 0)) yield { at, hash: hashes.without(at) };
  }
}

/** Whether a token says what kind of message it is. */
export function isTelling(token: string): boolean {
  return /\p{L}{2}/u.test(token);
}

/** Hashes can be made to agree by whoever writes the messages. */
function differOnlyAt(at: number, one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((token, place) => place === at || token === other[place]);
}
