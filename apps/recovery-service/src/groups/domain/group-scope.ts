import { belowMessage, topFrames } from './stack-frames.js';

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

/**
 * The scopes of failures that are told together. Mostly they were thrown at a few places, and their stacks differ in the first line
 * alone, which has the message: what follows it is read once.
 */
export function scopesOf(failures: readonly ScopedFailure[], digest: Digest): GroupScope[] {
  const known = new Map<string, GroupScope>();
  return failures.map((failure) => {
    const { tenant, error_type, stack_trace } = failure;
    const key = `${tenant}\n${error_type}\n${belowMessage(stack_trace ?? '')}`;
    const scope = known.get(key) ?? scopeOf(failure, digest);
    known.set(key, scope);
    return scope;
  });
}

function scopeOf({ tenant, error_type, stack_trace }: ScopedFailure, digest: Digest): GroupScope {
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
