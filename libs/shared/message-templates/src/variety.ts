import type { TemplateSettings } from './template-settings.js';
import { isWild } from './wildcard.js';

/** Words after which a name stands. */
const announcing = /^ ?(?:user|host|node|file)$/i;

/** Whether what stands in one place of otherwise equal forms is a value. */
export function isVaried(
  tokens: readonly string[],
  at: number,
  met: ReadonlySet<string>,
  { variety, firstVariety }: Pick<TemplateSettings, 'variety' | 'firstVariety'>,
): boolean {
  if (met.size < 2) return false;
  const values = [...met];
  if (values.some(isWild) || values.every(looksLikeName) || announcing.test(tokens[at - 1] ?? '')) return true;
  return met.size >= (at === 0 ? firstVariety : variety);
}

/** Words with digits, and those of several parts, are more often names of things than part of a sentence. */
function looksLikeName(token: string): boolean {
  return /\d|[./\\].*[./\\]/.test(token);
}
