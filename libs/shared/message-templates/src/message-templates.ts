import { hash } from 'node:crypto';
import { FormFamilies } from './form-families.js';
import { FormMemory, type KnownForm } from './form-memory.js';
import { maskValues } from './mask-values.js';
import { currentOf, merged, type LiveTemplate, type MessageTemplate } from './live-template.js';
import { absorptionsOf } from './absorptions.js';
import { isVaried } from './variety.js';
import { shippedSettings, type TemplateSettings } from './template-settings.js';
import { learntFrom, snapshotOf, type TemplatesSnapshot } from './templates-snapshot.js';
import { joinValues, tokensOf } from './tokens.js';
import { asWild, isWild } from './wildcard.js';

/**
 * Sorts messages by kind, one after the other, by what it has met so far: the same messages in the same order get the same
 * templates, on every machine. It takes bounded memory and bounded time a message.
 *
 * What is a value by its looks is masked first. A word is a value once enough others were met in its place, all else being
 * equal; where several places differ at once, once the family of messages has grown large (Drain).
 */
export class MessageTemplates {
  private readonly forms: FormMemory;
  private readonly families: FormFamilies;
  /** What masked messages were found to be since anything was last learnt. */
  private readonly found = new Map<string, KnownForm>();
  private begun = 0;
  private learnings = 0;
  private joined: JoinedTemplates[] = [];

  constructor(private readonly settings: TemplateSettings = shippedSettings) {
    this.forms = new FormMemory(settings.formsMax);
    this.families = new FormFamilies(settings);
  }

  templateOf(message: string): MessageTemplate {
    const masked = maskValues(cut(message, this.settings.lengthMax));
    let form = this.found.get(masked);
    if (form) this.forms.touch(form);
    else {
      form = this.formOf(tokensOf(masked, this.settings.tokensMax));
      if (this.found.size >= foundMax) this.found.clear();
      this.found.set(masked, form);
    }
    return currentOf(form.template);
  }

  /** The template of a message if it is one of those that are known; nothing is learnt. */
  known(message: string): MessageTemplate | undefined {
    const form = this.knownForm(tokensOf(maskValues(cut(message, this.settings.lengthMax)), this.settings.tokensMax));
    return form && currentOf(form.template);
  }

  /** Rises whenever something is learnt. */
  get revision(): number {
    return this.learnings;
  }

  /** Which templates have become part of others since this was asked last. */
  takeJoined(): JoinedTemplates[] {
    const joined = this.joined;
    this.joined = [];
    return joined;
  }

  private knownForm(tokens: readonly string[]): KnownForm | undefined {
    return this.forms.find(tokens) ?? this.valueIn(tokens) ?? this.absorbed(tokens);
  }

  private formOf(tokens: readonly string[]): KnownForm {
    const known = this.knownForm(tokens);
    if (known) {
      this.forms.touch(known);
      return known;
    }
    this.begun += 1;
    const template: LiveTemplate = { id: idOf(tokens), tokens, age: this.begun, partOf: null };
    const form = this.learn(tokens, template);
    const family = this.families.join(tokens, template);
    if (family) this.unite(family.templates, family.tokens);
    return form;
  }

  /** The form that has a value where these tokens have a word. */
  private valueIn(tokens: readonly string[]): KnownForm | undefined {
    for (const { at, forms } of this.forms.around(tokens)) {
      const form = forms.find((other) => isWild(other.tokens[at] ?? ''));
      if (form) return form;
    }
    return undefined;
  }

  /** The form that has one value where these tokens have a word of several tokens, one of which is a value. */
  private absorbed(tokens: readonly string[]): KnownForm | undefined {
    for (const other of absorptionsOf(tokens)) {
      const form = this.forms.find(joinValues(other));
      if (form) return form;
    }
    return undefined;
  }

  private learn(tokens: readonly string[], template: LiveTemplate): KnownForm {
    this.found.clear();
    this.learnings += 1;
    const form = this.forms.add(tokens, template);
    for (const { at, forms } of this.forms.around(tokens)) {
      if (!isVaried(tokens, at, new Set(forms.map((other) => other.tokens[at] ?? '')), this.settings)) continue;
      this.unite(
        forms.map((other) => other.template),
        tokens.with(at, asWild(tokens[at] ?? '')),
      );
      break;
    }
    return form;
  }

  /** Makes templates one, which these tokens are the form of. */
  private unite(templates: readonly LiveTemplate[], tokens: readonly string[]): void {
    const general = joinValues(tokens);
    const known = this.forms.find(general);
    const before = [...new Set([...templates, ...(known ? [known.template] : [])].map((template) => currentOf(template)))];
    const oldest = merged(before);
    oldest.tokens = general;
    for (const { id } of before) if (id !== oldest.id) this.joined.push({ id, into: oldest.id });
    if (!known) {
      this.learn(general, oldest);
    }
  }

  /** All that it has learnt, as JSON: {@link restore} goes on from there as if it had never stopped. */
  snapshot(): TemplatesSnapshot {
    return snapshotOf({ forms: this.forms.all(), families: this.families.all(), begun: this.begun });
  }

  static restore(snapshot: TemplatesSnapshot, settings: TemplateSettings = shippedSettings): MessageTemplates {
    const templates = new MessageTemplates(settings);
    const { forms, families, begun } = learntFrom(snapshot);
    for (const { tokens, template } of forms) templates.forms.add(tokens, template);
    for (const family of families) templates.families.restore(family);
    templates.begun = begun;
    return templates;
  }
}

/** Two templates that were found to be one. */
export interface JoinedTemplates {
  id: string;
  /** The one that stays. */
  into: string;
}

/** Masked messages whose form is remembered while nothing is learnt. */
const foundMax = 10_000;

function idOf(tokens: readonly string[]): string {
  return `tpl_${hash('sha256', tokens.join(''), 'hex').slice(0, 16)}`;
}

/** A word that the cut would halve might no longer look like what it is. */
function cut(message: string, length: number): string {
  if (message.length <= length) return message;
  const head = message.slice(0, length);
  return head.slice(0, head.search(/\S*$/));
}
