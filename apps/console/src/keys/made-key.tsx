import type { MadeApiKey } from '@kintsugi/contracts';
import { createContext, useContext, useState, type ReactNode } from 'react';
import { NewKey } from './new-key.js';

const ShowKey = createContext<(made: MadeApiKey) => void>(() => undefined);

/** Shows keys that were made above all that a session shows: one that ends meanwhile takes none of them away. */
export function MadeKeys({ children }: { children: ReactNode }) {
  const [made, show] = useState<MadeApiKey | null>(null);
  return (
    <ShowKey.Provider value={show}>
      {children}
      <NewKey made={made} onClose={() => show(null)} />
    </ShowKey.Provider>
  );
}

export function useShowKey(): (made: MadeApiKey) => void {
  return useContext(ShowKey);
}
