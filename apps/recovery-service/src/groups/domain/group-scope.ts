import { topFrames } from './stack-frames.js';

/** A hash of a text as hex digits, at least 32 of them. */
export type Digest = (text: string) => string;

/** Failures among which messages are compared: of one tenant and error type, thrown at one place. */
export interface GroupScope {
  id: string;
  tenant: string;
  error_type: string;
  frames: string[];
}

export interface ScopedFailure {
  tenant: string;
  error_type: string;
  stack_trace?: string | undefined;
}

export function scopeOf({ tenant, error_type, stack_trace }: ScopedFailure, digest: Digest): GroupScope {
  const frames = topFrames(stack_trace);
  const id = digest(JSON.stringify([tenant, error_type, ...frames])).slice(0, 32);
  return { id, tenant, error_type, frames };
}

/** The group of a template: as lasting as the id of the template. */
export function groupIdOf(scope: GroupScope, templateId: string, digest: Digest): string {
  return `grp_${digest(`${scope.id}\n${templateId}`).slice(0, 32)}`;
}

/** Characters of a group's title. */
const titleLengthMax = 120;

export function titleOf(errorType: string, template: string): string {
  if (template === '') return errorType;
  const characters = [...template];
  return characters.length <= titleLengthMax ? template : `${characters.slice(0, titleLengthMax - 1).join('')}…`;
}
