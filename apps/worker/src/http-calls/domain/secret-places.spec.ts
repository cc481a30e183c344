import { expect, test } from '@jest/globals';
import { mayGoTo } from './secret-places.js';

test.each([
  [['api.example.com'], 'https://api.example.com/a', true],
  [['api.example.com'], 'https://api.example.com:8443/a', true],
  [['api.example.com'], 'http://api.example.com/a', false],
  [['api.example.com'], 'http://api.example.com:443/a', false],
  [['api.example.com:80'], 'http://api.example.com/a', true],
  [['api.example.com:8080'], 'http://api.example.com:8080/a', true],
  [['api.example.com:8443'], 'https://api.example.com/a', false],
  [['api.example.com:443'], 'https://api.example.com/a', true],
  [['127.0.0.1'], 'http://127.0.0.1:9000/a', true],
  [['api.example.com'], 'https://api.example.com.evil.example/a', false],
  [['api.example.com'], 'https://API.example.com/a', true],
])('a secret for %j goes to %s: %s', (hosts, url, may) => expect(mayGoTo(hosts, new URL(url), url.includes('//127.'))).toBe(may));
