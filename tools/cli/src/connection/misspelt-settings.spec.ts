import { describe, expect, it } from '@jest/globals';
import { misspeltSettings, settingsIn } from './misspelt-settings.js';

const known = ['API_PORT', 'NATS_PORT', 'WORKERS', 'WORKER_SLOTS'];

describe('settings in a file', () => {
  it('that are misspelt are told with what was meant', () => {
    expect(misspeltSettings(['API_PROT', 'WORKER', 'NATSPORT'], known)).toEqual([
      { name: 'API_PROT', meant: 'API_PORT' },
      { name: 'WORKER', meant: 'WORKERS' },
      { name: 'NATSPORT', meant: 'NATS_PORT' },
    ]);
  });

  it('that are known, or somebody else’s, are not', () => {
    expect(misspeltSettings(['API_PORT', 'STRIPE_KEY', 'SMTP_RELAY'], known)).toEqual([]);
  });

  it('are known from the example, where they are unset', () => {
    expect(settingsIn('# API_PORT is a port\n# number\n#API_PORT=8000\n\nWORKERS=1\n')).toEqual(['API_PORT', 'WORKERS']);
  });
});
