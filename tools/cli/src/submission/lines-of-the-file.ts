import { ProblemError } from '@kintsugi/contracts';

/** Before the fields of the job, which the command line and the file give together. */
const lineOfTheJob = /\bline 1\.(?=data\.)/g;

/**
 * A problem as the one who wrote the file sees it: the gateway counts the lines of the upload, which begins with a
 * line of ours.
 * @param place what a line of the upload is called in the file
 */
export function inTermsOfTheFile(error: unknown, place: (uploadLine: number) => string): unknown {
  if (!(error instanceof ProblemError)) return error;
  const translated = (text: string): string =>
    text.replace(lineOfTheJob, '').replace(/\bline (\d+)\b/g, (_, line: string) => place(Number(line)));
  const { errors, ...rest } = error.extras;
  return new ProblemError(error.code, asSentence(translated(error.message)), {
    ...rest,
    ...(errors ? { errors: errors.map((fault) => ({ ...fault, path: translated(fault.path) })) } : {}),
  });
}

/** Words that begin with a place, such as `line 2`, as a sentence. */
function asSentence(words: string): string {
  return words.replace(/^line /, 'Line ');
}
