import { maskMessage } from './message-mask.js';

/** Characters of a group's title. */
const titleLengthMax = 120;

/** A hash of a text as hex digits, at least 32 of them. */
export type Digest = (text: string) => string;

export interface Fingerprint {
  group_id: string;
  group_title: string;
}

/** Which failures are taken for the same: those of one error type whose messages differ in their values only. */
export function fingerprintOf(errorType: string, errorMessage: string, digest: Digest): Fingerprint {
  const masked = maskMessage(errorMessage);
  return { group_id: `grp_${digest(`${errorType}\n${masked}`).slice(0, 32)}`, group_title: titleOf(errorType, masked) };
}

function titleOf(errorType: string, masked: string): string {
  if (masked === '') return errorType;
  const characters = [...masked];
  return characters.length <= titleLengthMax ? masked : `${characters.slice(0, titleLengthMax - 1).join('')}…`;
}
