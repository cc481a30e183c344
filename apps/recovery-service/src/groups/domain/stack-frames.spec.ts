import { describe, expect, test } from '@jest/globals';
import { belowMessage, topFrames } from './stack-frames.js';

const stack = `Error: no
    at send (/srv/app/releases/12/mail.js:10:3)
    at send (/srv/app/releases/12/mail.js:14:3)
    at async deliver (file:///srv/app/releases/12/deliver.js:8:1)
    at Socket.emit (node:events:519:28)
    at helper (/srv/app/node_modules/left/index.js:1:1)
    at /srv/app/releases/12/main.js:3:9
    at far (/srv/app/far.js:1:1)`;

describe('the frames that tell one failure from another', () => {
  test('are the topmost of the application, each once', () => {
    expect(topFrames(stack)).toEqual(['send (mail.js)', 'deliver (deliver.js)', 'main.js']);
  });

  test('are the same in another release, at other lines', () => {
    expect(topFrames(stack.replaceAll('/12/', '/13/').replaceAll(':3)', ':77)'))).toEqual(topFrames(stack));
  });

  test('are read of Python too', () => {
    expect(topFrames('Traceback:\n  File "/srv/app/mail.py", line 3, in send\n    raise No()')).toEqual(['send (mail.py)']);
  });

  test.each([[undefined], [''], ['no stack at all'], ['at '.repeat(100_000)]])('%j has few or none', (text) => {
    expect(topFrames(text).length).toBeLessThanOrEqual(1);
  });

  test.each([
    ['a message', 'Error: mail 17 is lost\n    at send (a.js:1:2)', '\n    at send (a.js:1:2)'],
    ['a call', '    at send (a.js:1:2)\n    at main (b.js:1:2)', '    at send (a.js:1:2)\n    at main (b.js:1:2)'],
    ['a message and nothing else', 'Error: mail 17 is lost', 'Error: mail 17 is lost'],
  ])('are all below the first line, unless it is a call: %s', (_what, text, below) => {
    expect(belowMessage(text)).toBe(below);
    expect(topFrames(below)).toEqual(topFrames(text));
  });
});
