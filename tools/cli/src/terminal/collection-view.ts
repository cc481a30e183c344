import type { Output } from './output.js';
import { count } from './quantities.js';

interface CollectionPlace {
  collection: string;
  documents: number;
}

/** Shows which collection is read or written, and how far. */
export function collectionView(output: Output, verb: string): { show: (at: CollectionPlace) => void; clear: () => void } {
  const view = output.live();
  return {
    show({ collection, documents }) {
      const line = `${verb} ${collection}, ${count(documents)} documents`;
      view.show({ lines: [line], summary: line });
    },
    clear: () => view.clear(),
  };
}
