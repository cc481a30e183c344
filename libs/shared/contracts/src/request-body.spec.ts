import { describe, expect, it } from '@jest/globals';
import { requestBodyOf, requestBytesOf, requestFrom } from './request-body.js';

const chunk = { job_id: 'job_01890a5d-ac96-774b-bcce-b302099a8058', sequence: 0, tasks: '{"payload":"a \\" b"}\n{}', count: 2 };
const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('the body of a request', () => {
  it('holds the tasks of a chunk as they are, and reads as what was sent', () => {
    const body = requestBodyOf('stageTasks', chunk);
    expect(body.endsWith(`\n${chunk.tasks}`)).toBe(true);
    expect(requestFrom('stageTasks', bytesOf(body))).toEqual(chunk);
  });

  it('is the same where the tasks are bytes already', () => {
    const { tasks, ...fields } = chunk;
    expect(requestBytesOf(fields, tasks.split('\n').map(bytesOf))).toEqual(bytesOf(requestBodyOf('stageTasks', chunk)));
  });

  it('is JSON where no field goes as it is, and may be JSON where one does', () => {
    const job = { job_id: chunk.job_id };
    expect(requestBodyOf('getJob', job)).toBe(JSON.stringify(job));
    expect(requestFrom('getJob', bytesOf(` ${JSON.stringify(job)}\n`))).toEqual(job);
    expect(requestFrom('stageTasks', bytesOf(JSON.stringify(chunk)))).toEqual(chunk);
    expect(requestFrom('getJob', bytesOf(''))).toEqual({});
  });

  it('is refused where its JSON is none, whatever comes behind', () => {
    expect(() => requestFrom('stageTasks', bytesOf('{"job_id"\n{}'))).toThrow('data is not valid JSON');
    expect(requestFrom('stageTasks', bytesOf('[1]\n{}'))).toEqual([1]);
    expect(() => requestFrom('toString', bytesOf('{'))).toThrow('data is not valid JSON');
  });
});
