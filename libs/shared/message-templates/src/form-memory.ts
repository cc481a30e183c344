import { currentOf, type LiveTemplate } from './live-template.js';
import { Slots, type Slot } from './slots.js';

/** A message as it looks with its values masked, and the template it is of. */
export interface KnownForm {
  readonly tokens: readonly string[];
  readonly template: LiveTemplate;
}

/** The forms that were met last. */
export class FormMemory {
  /** By their text, the one that was not met for longest first. */
  private readonly forms = new Map<string, KnownForm>();
  private readonly slots = new Slots<KnownForm>();

  constructor(private readonly sizeMax: number) {}

  find(tokens: readonly string[]): KnownForm | undefined {
    return this.forms.get(keyOf(tokens));
  }

  touch(form: KnownForm): void {
    const key = keyOf(form.tokens);
    this.forms.delete(key);
    this.forms.set(key, form);
  }

  add(tokens: readonly string[], template: LiveTemplate): KnownForm {
    const form = { tokens, template };
    this.forms.set(keyOf(tokens), form);
    this.slots.add(form);
    for (const [key, oldest] of this.forms) {
      if (this.forms.size <= this.sizeMax) break;
      this.forms.delete(key);
      this.slots.remove(oldest);
    }
    return form;
  }

  /** Those that differ from tokens in the word at one place, or not at all; for each place that has some. */
  around(tokens: readonly string[]): Iterable<Slot<KnownForm>> {
    return this.slots.around(tokens);
  }

  /** The one that was not met for longest first. */
  all(): { tokens: readonly string[]; template: LiveTemplate }[] {
    return [...this.forms.values()].map(({ tokens, template }) => ({ tokens, template: currentOf(template) }));
  }
}

function keyOf(tokens: readonly string[]): string {
  return tokens.join('');
}
