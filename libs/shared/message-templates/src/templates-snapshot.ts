import type { Family } from './form-families.js';
import type { KnownForm } from './form-memory.js';
import type { LiveTemplate } from './live-template.js';

/** What was learnt, as JSON. Forms and families name templates by their place in the list. */
export interface TemplatesSnapshot {
  begun: number;
  templates: { id: string; tokens: readonly string[]; age: number }[];
  forms: { tokens: readonly string[]; template: number }[];
  families: { tokens: readonly string[]; size: number; templates: number[] }[];
}

interface Learnt {
  forms: readonly KnownForm[];
  families: readonly Family[];
  begun: number;
}

export function snapshotOf({ forms, families, begun }: Learnt): TemplatesSnapshot {
  const places = new Map<LiveTemplate, number>();
  const templates: TemplatesSnapshot['templates'] = [];
  const placeOf = (template: LiveTemplate): number => {
    const known = places.get(template);
    if (known !== undefined) return known;
    places.set(template, templates.length);
    const { id, tokens, age } = template;
    return templates.push({ id, tokens, age }) - 1;
  };
  return {
    begun,
    forms: forms.map(({ tokens, template }) => ({ tokens, template: placeOf(template) })),
    families: families.map((family) => ({ tokens: family.tokens, size: family.size, templates: family.templates.map(placeOf) })),
    templates,
  };
}

export function learntFrom(snapshot: TemplatesSnapshot): Learnt {
  const templates = snapshot.templates.map((template): LiveTemplate => ({ ...template, partOf: null }));
  const at = (place: number): LiveTemplate => {
    const template = templates[place];
    if (!template) throw new RangeError(`The snapshot has no template ${place}; it has ${templates.length}.`);
    return template;
  };
  return {
    begun: snapshot.begun,
    forms: snapshot.forms.map(({ tokens, template }) => ({ tokens, template: at(template) })),
    families: snapshot.families.map(({ tokens, size, templates: places }) => ({
      tokens: [...tokens],
      size,
      templates: places.map(at),
    })),
  };
}
