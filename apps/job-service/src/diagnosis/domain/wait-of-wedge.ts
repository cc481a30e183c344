import { isFinished, type JobStatus, type JobWait } from '@kintsugi/contracts';
import type { Wedge } from '../../wedges/domain/wedges-of.js';
import { blank, namesOf } from './wait-words.js';

/** Why a job cannot end as things stand, where what it waits for itself does not say so. It goes before all other waits. */
export function waitOfWedge(wedge: Wedge | undefined, waits: readonly JobWait[], status: JobStatus): JobWait[] {
  if (!wedge || isFinished(status) || waits.some(({ reason }) => reason === wedge.reason)) return [];
  return [{ ...blank('WEDGED', null), what: wedge.what, holder: namesOf(wedge.circle), do: wedge.do }];
}
