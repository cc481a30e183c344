import { Confirmed, asking, type Deed } from '../display/confirmed.js';
import { useTexts } from '../texts/language.js';

/** Ends a condition, once its name was typed. */
export function ConditionEnd({ name, onClose }: { name: string; onClose: () => void }) {
  const say = useTexts();
  const deed: Deed = {
    title: say('condition.delete'),
    about: say('condition.delete.about', { name }),
    refreshes: [['alerts']],
    command: `./kintsugi alerts delete ${name}`,
    isDangerous: true,
    typed: name,
    ...asking('/job-operations', 'deleteAlertCondition', { name }, () => say('condition.delete.done', { name })),
  };
  return <Confirmed deed={deed} onClose={onClose} />;
}
