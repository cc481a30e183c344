import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { DashboardSpec, PanelSpec } from '../dashboards/dashboard.js';
import { uidOf } from './links.js';

const tag = 'kintsugi';
/** Whichever Prometheus the viewer chooses, so that a dashboard can be imported anywhere. */
const datasource = { type: 'prometheus', uid: '$datasource' };

/** A dashboard in the classic form, which every Grafana from 10 on imports. */
export function dashboardJson(spec: DashboardSpec): string {
  const builder = new DashboardBuilder(spec.title)
    .uid(uidOf(spec.name))
    .description(spec.description)
    .tags([tag])
    .readonly()
    .refresh('30s')
    .time({ from: 'now-3h', to: 'now' })
    .timezone('browser')
    .link(new DashboardLinkBuilder('Kintsugi').type(DashboardLinkType.Dashboards).tags([tag]).asDropdown(true).keepTime(true))
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'));
  for (const { name, label, values, many } of spec.variables) {
    builder.withVariable(
      new QueryVariableBuilder(name)
        .label(label)
        .datasource(datasource)
        .query(values)
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .multi(many)
        .includeAll(many)
        .allValue('.*'),
    );
  }
  for (const { title, panels } of spec.rows) {
    builder.withRow(new RowBuilder(title));
    for (const panel of panels) builder.withPanel(panelOf(panel));
  }
  return `${JSON.stringify(builder.build(), null, 2)}\n`;
}

function panelOf({ kind, title, description, unit, queries, columns }: PanelSpec): cog.Builder<Panel> {
  const builder = kind === 'stat' ? new StatBuilder() : new TimeseriesBuilder();
  builder
    .title(title)
    .description(description)
    .unit(unit)
    .datasource(datasource)
    .height(kind === 'stat' ? 5 : 8)
    .span(columns ?? (kind === 'stat' ? 6 : 12));
  for (const { expr, legend } of queries) builder.withTarget(new DataqueryBuilder().expr(expr).legendFormat(legend));
  return builder;
}
