import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { cacheFolder } from '@kintsugi/servers';
import { provideMonitoringPrograms, type MonitoringPrograms } from '../../../tools/setup/fetch/monitoring-programs.mjs';

/** Prometheus and Alertmanager, or why they cannot be had on this machine. */
export async function monitoringPrograms(): Promise<MonitoringPrograms | null> {
  try {
    return await provideMonitoringPrograms({ cache: cacheFolder() });
  } catch (error) {
    process.stderr.write(`Tests on Prometheus and Alertmanager do not run: ${(error as Error).message}\n`);
    return null;
  }
}

/** What a program says; rejects with all of that where it fails. */
export async function outputOf(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args);
    return stdout + stderr;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')}\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}
