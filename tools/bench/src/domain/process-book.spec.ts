import { expect, test } from '@jest/globals';
import { ProcessBook } from './process-book.js';

test('what processes took is a median by figure and process', () => {
  const book = new ProcessBook();
  book.add('bulk_cpu_us', { gateway: 3, worker: 5 });
  book.add('bulk_cpu_us', { gateway: 5, worker: 5 });
  book.add('bulk_cpu_us', { gateway: 9 });
  book.add('rss_1m_mb', { gateway: 90 });
  expect(book.medians()).toEqual({ bulk_cpu_us: { gateway: 5, worker: 5 }, rss_1m_mb: { gateway: 90 } });
});
