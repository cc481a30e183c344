export interface MonitoringPrograms {
  prometheus: string;
  promtool: string;
  alertmanager: string;
  amtool: string;
}

export function provideMonitoringPrograms(place: {
  cache: string;
  environment?: Record<string, string | undefined>;
}): Promise<MonitoringPrograms>;
