import type { AuditEntry } from '@kintsugi/contracts';
import { useTexts } from '../texts/language.js';

const tones = { asked: 'waiting', done: 'good', refused: 'bad', unknown: 'held', created: 'good' } as const;

/** What became of what was asked for. */
export function AuditPhase({ entry: { phase, problem } }: { entry: AuditEntry }) {
  const say = useTexts();
  return (
    <span className={`status status-${tones[phase]}`} title={problem ?? undefined}>
      {say(`phase.${phase}`)}
    </span>
  );
}
