/** The one Prometheus of the compose profile, under an id that never changes. */
export function datasourceProvisioning(url: string): object {
  return {
    apiVersion: 1,
    datasources: [{ name: 'Prometheus', uid: 'kintsugi-prometheus', type: 'prometheus', access: 'proxy', url, isDefault: true }],
  };
}

/** Where Grafana reads the dashboards. */
export function dashboardProvisioning(folder: string): object {
  const provider = { name: 'Kintsugi', folder: 'Kintsugi', type: 'file', disableDeletion: true, allowUiUpdates: false };
  return { apiVersion: 1, providers: [{ ...provider, options: { path: folder } }] };
}
