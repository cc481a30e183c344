import { expect, test } from '@jest/globals';
import { isTimeZone } from './time-zone.js';

test.each(['UTC', 'Europe/Berlin', 'Asia/Tokyo'])('%s is a time zone', (name) => expect(isTimeZone(name)).toBe(true));

test.each(['', 'Mars/Olympus', 'Europe', 'Europe/Berlin '])('%j is none', (name) => expect(isTimeZone(name)).toBe(false));
