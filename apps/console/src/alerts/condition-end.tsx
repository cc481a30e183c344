import { useQueryClient } from '@tanstack/react-query';
import { act } from '../api/request.js';
import { Confirmed, type Deed } from '../display/confirmed.js';
import { useTexts } from '../texts/language.js';

/** Ends a condition, once its name was typed. */
export function ConditionEnd({ name, onClose }: { name: string; onClose: () => void }) {
  const say = useTexts();
  const queries = useQueryClient();
  const deed: Deed = {
    title: say('condition.delete'),
    about: say('condition.delete.about', { name }),
    command: `./kintsugi alerts delete ${name}`,
    http: { endpoint: '/job-operations', body: { action: 'deleteAlertCondition', data: { name } } },
    isDangerous: true,
    typed: name,
    carryOut: async () => {
      await act('/job-operations', 'deleteAlertCondition', { name });
      void queries.invalidateQueries({ queryKey: ['alerts'] });
      return say('condition.delete.done', { name });
    },
  };
  return <Confirmed deed={deed} onClose={onClose} />;
}
