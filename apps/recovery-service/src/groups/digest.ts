import { hash } from 'node:crypto';
import type { Digest } from './domain/group-scope.js';

/** The ids of groups on disk are made of it: another one would begin each group anew. */
export const digest: Digest = (text) => hash('sha256', text, 'hex');
