/** A search that a reader has given a name. */
export interface SavedView {
  name: string;
  q: string;
}

export const viewsMax = 30;
const nameMax = 40;
const searchMax = 1_000;

/** What a browser has kept; what it cannot have meant is left out. */
export function readViews(text: string | null): SavedView[] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(kept) ? kept.filter(isView).slice(0, viewsMax) : [];
  } catch {
    return [];
  }
}

/** With one more, the newest first, in place of one of that name. */
export function withView(views: readonly SavedView[], name: string, q: string): SavedView[] {
  const view = { name: name.trim().slice(0, nameMax), q: q.slice(0, searchMax) };
  if (view.name === '') return [...views];
  return [view, ...views.filter((one) => one.name !== view.name)].slice(0, viewsMax);
}

export function withoutView(views: readonly SavedView[], name: string): SavedView[] {
  return views.filter((view) => view.name !== name);
}

function isView(value: unknown): value is SavedView {
  const { name, q } = (value ?? {}) as Partial<SavedView>;
  return typeof name === 'string' && name !== '' && name.length <= nameMax && typeof q === 'string' && q.length <= searchMax;
}
