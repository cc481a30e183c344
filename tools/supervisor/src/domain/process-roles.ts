/**
 * What a process is for. It decides when the process is stopped. A companion is no part of the platform: a program
 * that is wanted beside it, such as a mail server for trials.
 */
export type ProcessRole = 'server' | 'service' | 'gateway' | 'worker' | 'companion';

export const natsServerName = 'nats-server';
export const mongodName = 'mongod';
export const gatewayName = 'gateway';
export const prometheusName = 'prometheus';
export const alertmanagerName = 'alertmanager';
export const builtInWorkerName = 'built-in-worker';

/** The service that is there only where it may clone something. */
export const poolAgentName = 'pool-agent';

/** The services that own data, each an app. */
export const serviceNames = ['job-service', 'recovery-service', 'metrics-service'] as const;

/** What a service is started by, from the folder of the product: one file of all that it loads. */
export function bundleOf(service: string): string {
  return `tools/bundles/dist/${service}.js`;
}

/**
 * From the door inwards: first what takes in or carries out work, then what writes it down, and only then the servers
 * that hold it, so that nothing that stops misses what it needs to stop in order.
 */
const stopOrder: ProcessRole[][] = [['worker', 'gateway'], ['service', 'companion'], ['server']];

/** The processes in stages: all of one stage are stopped at once, the next when they are gone. */
export function stopStages<Process extends { role: ProcessRole }>(processes: Process[]): Process[][] {
  return stopOrder.map((roles) => processes.filter(({ role }) => roles.includes(role))).filter((stage) => stage.length > 0);
}

export function planCompanions(programs: string[]): { name: string; program: string }[] {
  return programs.map((program, index) => ({ name: `companion-${index + 1}`, program }));
}

/** Worker processes by name, with their program: as many of each as asked for, numbered through. */
export function planWorkers(programs: string[], processesOfEach: number): { name: string; program: string }[] {
  return programs
    .flatMap((program) => Array.from({ length: processesOfEach }, () => program))
    .map((program, index) => ({ name: `worker-${index + 1}`, program }));
}
