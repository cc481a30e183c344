import type { WebhookView } from '@kintsugi/contracts';
import { useTexts } from '../texts/language.js';
import { stateOf } from './domain/webhook-state.js';

const tones = { off: 'off', disabled: 'bad', failing: 'bad', working: 'good', unused: 'waiting' } as const;

/** How a webhook goes, in a word. */
export function WebhookState({ webhook }: { webhook: WebhookView }) {
  const say = useTexts();
  const state = stateOf(webhook);
  return <span className={`status status-${tones[state]}`}>{say(`webhook.state.${state}`)}</span>;
}
