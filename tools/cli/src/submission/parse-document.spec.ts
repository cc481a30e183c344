import { expect, test } from '@jest/globals';
import { ProblemError } from '@kintsugi/contracts';
import { parseDocument } from './parse-document.js';

function faultOf(text: string, firstLine?: number): ProblemError {
  try {
    parseDocument(text, firstLine);
  } catch (error) {
    if (error instanceof ProblemError) return error;
  }
  throw new Error('It was taken.');
}

test('a document that is JSON is its value', () => {
  expect(parseDocument('[{"id": "a"}]')).toEqual([{ id: 'a' }]);
});

test('a fault is told with its line and column, and what stands there', () => {
  const fault = faultOf('{\n  "product_id": "p",\n  "tasks": [}\n}\n');
  expect(fault.message).toBe('The submission is not valid JSON at line 3, column 13.');
  expect(fault.extras.errors).toEqual([{ path: 'line 3, column 13', rule: 'JSON', got: '}', allowed: 'JSON' }]);
  expect(faultOf('product,group\na,b\n').message).toContain('at line 1, column 1.');
});

test('lines count from the beginning of the file', () => {
  expect(faultOf('[,]', 4).message).toContain('line 4, column 2');
});

test('a document that is cut off says that it ends', () => {
  expect(faultOf('{"tasks": [{"payload": {"na').message).toMatch(
    /^The submission ends in the middle of its JSON, at line 1, column 2\d\.$/,
  );
  expect(faultOf('[{"id": "a"},\n').message).toContain('ends in the middle of its JSON');
});

test('an empty one and one that nests too deep are told as ever', () => {
  expect(faultOf('').message).toContain('it is empty');
  expect(faultOf(`${'['.repeat(90)}${']'.repeat(90)}`).code).toBe('JSON_TOO_DEEP');
});
