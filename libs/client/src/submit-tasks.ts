import type { CreateJobInput, JobReceipt } from '@kintsugi/contracts';
import type { ApiCaller } from './api-caller.js';
import { UploadBody, type TaskOrLines, type UploadProgress } from './upload-body.js';

export interface SubmitOptions {
  /** Called as tasks are handed to the network. */
  onProgress?: (progress: UploadProgress) => void;
  signal?: AbortSignal;
}

/** Uploads a job while its tasks are being made. */
export async function submitTasks(
  api: ApiCaller,
  job: Partial<Omit<CreateJobInput, 'tasks'>>,
  tasks: Iterable<TaskOrLines> | AsyncIterable<TaskOrLines>,
  { onProgress, signal }: SubmitOptions,
): Promise<JobReceipt> {
  const upload = new UploadBody(job, tasks, onProgress);
  const stop = (): void => void upload.stop();
  signal?.addEventListener('abort', stop);
  try {
    return await api.json<JobReceipt>({
      method: 'POST',
      path: '/job-operations',
      headers: { 'content-type': 'application/x-ndjson' },
      body: upload.stream,
      signal,
      unlimited: true,
    });
  } catch (error) {
    upload.throwSourceFault();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}
