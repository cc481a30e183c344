import { expect, test } from '@jest/globals';
import { readViews, viewsMax, withView, withoutView } from './saved-views.js';

test('a view is kept under its name, the newest first, and taken out again', () => {
  const views = withView(withView(withView([], 'mine', 'user:ada'), ' broken ', 'status:failed'), 'mine', 'user:bob');
  expect(views).toEqual([
    { name: 'mine', q: 'user:bob' },
    { name: 'broken', q: 'status:failed' },
  ]);
  expect(readViews(JSON.stringify(views))).toEqual(views);
  expect(withoutView(views, 'mine')).toEqual([{ name: 'broken', q: 'status:failed' }]);
  expect(withView(views, '  ', 'x')).toEqual(views);
});

test.each([null, '', '{', '{}', 'null', '[null, {"name": 1}, {"name": "", "q": ""}, {"name": "a"}]'])(
  '%j holds no views',
  (text) => expect(readViews(text)).toEqual([]),
);

test('no more are kept than a menu can show', () => {
  const many = Array.from({ length: viewsMax + 5 }, (_, index) => ({ name: `v${index}`, q: '' }));
  expect(readViews(JSON.stringify(many))).toHaveLength(viewsMax);
  expect(withView(many, 'new', '')).toHaveLength(viewsMax);
});
