import { Agent, get } from 'node:http';
import type { LiveFault, LiveSample, LiveTarget } from '../domain/live-samples.js';
import { scheduleOf } from './process-figures.js';

/** A connection for each question, as whoever watches over a service asks. */
const agent = new Agent({ keepAlive: false });

/** Asks a service whether it lives; one that refuses, or says nothing for so long, is a fault and not an error. */
export async function askWhetherLives({ name, url, pid }: LiveTarget, answerMsMax: number): Promise<LiveSample | LiveFault> {
  try {
    const startedAt = performance.now();
    const [theirs, own] = [scheduleOf(pid), scheduleOf(process.pid)];
    const status = await statusOf(url, answerMsMax);
    const answerMs = performance.now() - startedAt;
    if (status !== 200) return { name, reason: `it answered ${status}` };
    const [theirsNow, ownNow] = [scheduleOf(pid), scheduleOf(process.pid)];
    return {
      name,
      answerMs,
      serviceWaitedMs: theirsNow.waitedMs - theirs.waitedMs,
      askerWaitedMs: ownNow.waitedMs - own.waitedMs,
      ranMs: theirsNow.ranMs - theirs.ranMs,
    };
  } catch (error) {
    return { name, reason: error instanceof Error ? error.message : String(error) };
  }
}

function statusOf(url: string, answerMsMax: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => request.destroy(new Error(`no answer within ${answerMsMax} ms`)), answerMsMax);
    const request = get(url, { agent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode));
      response.once('error', reject);
    });
    request.once('error', reject).once('close', () => clearTimeout(patience));
  });
}
