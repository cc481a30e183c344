import { MongoNetworkTimeoutError } from 'mongodb';
import { after } from '@kintsugi/boundary';

/** Rejects where no answer of the database comes in time. What was asked of it may happen all the same. */
export async function inTime<Answer>(milliseconds: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new MongoNetworkTimeoutError(`MongoDB has not answered within ${milliseconds} ms.`);
    timer = after('mongo.in-time', milliseconds, () => reject(error));
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
