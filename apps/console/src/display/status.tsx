import type { GroupState, JobStatus, SlotState, TaskState } from '@kintsugi/contracts';
import { useTexts } from '../texts/language.js';
import type { TextKey } from '../texts/fill.js';

type Tone = 'good' | 'bad' | 'busy' | 'waiting' | 'off' | 'held';

const tones: Record<JobStatus | TaskState | GroupState | SlotState, Tone> = {
  ...{ scheduled: 'waiting', pending: 'waiting', running: 'busy', paused: 'held', recovering: 'busy', cancelling: 'off' },
  ...{ completed: 'good', failed: 'bad', cancelled: 'off', deleting: 'off' },
  ...{ blocked: 'waiting', ready: 'waiting', leased: 'busy', succeeded: 'good', waiting_retry: 'waiting', dead: 'bad' },
  ...{ parked: 'held', quarantined: 'bad', skipped: 'off', outcome_unknown: 'bad' },
  ...{ open: 'bad', acknowledged: 'held', resolved: 'good', ignored: 'off' },
  ...{ AVAILABLE: 'good', ALLOCATED: 'busy', RECOVERING: 'waiting', HOLD: 'held', ERROR: 'bad' },
};

/** A state in a word, told by shape and text and not by colour alone. */
export function Status({ state }: { state: string }) {
  const say = useTexts();
  const tone = Object.hasOwn(tones, state) ? tones[state as keyof typeof tones] : 'off';
  const key = `state.${state}` as TextKey;
  return <span className={`status status-${tone}`}>{Object.hasOwn(tones, state) ? say(key) : state}</span>;
}
