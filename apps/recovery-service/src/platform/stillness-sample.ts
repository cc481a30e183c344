import { Stillness } from './stillness.js';

/** One that is never still, unless it is told of a short time, for specs. */
export function stillnessSample(seconds = 3_600): Stillness {
  return new Stillness({ COMMAND_RESEND_SECONDS: seconds });
}
