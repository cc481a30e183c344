import { act } from '../api/request.js';
import { Confirmed, type Deed } from '../display/confirmed.js';
import { useTexts } from '../texts/language.js';

/** Ends a condition, once its name was typed. */
export function ConditionEnd({ name, onClose }: { name: string; onClose: () => void }) {
  const say = useTexts();
  const deed: Deed = {
    title: say('condition.delete'),
    about: say('condition.delete.about', { name }),
    refreshes: [['alerts']],
    command: `./kintsugi alerts delete ${name}`,
    http: { endpoint: '/job-operations', body: { action: 'deleteAlertCondition', data: { name } } },
    isDangerous: true,
    typed: name,
    carryOut: async () => {
      await act('/job-operations', 'deleteAlertCondition', { name });
      return say('condition.delete.done', { name });
    },
  };
  return <Confirmed deed={deed} onClose={onClose} />;
}
