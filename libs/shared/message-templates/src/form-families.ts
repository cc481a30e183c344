import { DrainTree, type DrainCluster } from './drain-tree.js';
import { currentOf, type LiveTemplate } from './live-template.js';
import type { TemplateSettings } from './template-settings.js';

/** Forms that Drain takes for one. */
export interface Family extends DrainCluster {
  templates: LiveTemplate[];
  /** Forms that it was joined by. */
  size: number;
}

/** Families of forms: what differs within a large one is values, in however many places. */
export class FormFamilies {
  private readonly tree: DrainTree<Family>;

  constructor(private readonly settings: TemplateSettings) {
    this.tree = new DrainTree<Family>(settings.family);
  }

  /** The family that a form has made one; undefined while its members keep to themselves. */
  join(tokens: readonly string[], template: LiveTemplate): Family | undefined {
    const family = this.tree.add(tokens, (own) => ({ tokens: own, templates: [], size: 0 }));
    if (!family) return undefined;
    family.size += 1;
    family.templates = distinct([...family.templates, template]);
    return family.size > this.settings.familyMax && family.templates.length > 1 ? family : undefined;
  }

  all(): Family[] {
    return this.tree.all().map((family) => ({ ...family, templates: distinct(family.templates) }));
  }

  /** Takes in families in the order in which they began. */
  restore(family: Family): void {
    this.tree.put(family);
  }
}

function distinct(templates: readonly LiveTemplate[]): LiveTemplate[] {
  return [...new Set(templates.map((template) => currentOf(template)))];
}
