import { Table, VisuallyHidden, type TableProps } from '@mantine/core';
import { Children, type ReactNode } from 'react';
import { useTexts } from '../texts/language.js';
import { EmptyState, type EmptyStateProps } from './empty-state.js';

interface DataTableProps extends Pick<TableProps, 'className' | 'verticalSpacing' | 'highlightOnHover'> {
  /** What stands over each column. */
  heads: readonly string[];
  /** Whether a last column holds what can be done to a row; its head is read aloud only. */
  hasActions?: boolean;
  /** What is said where there are no rows; null where there are always some. */
  empty: EmptyStateProps | null;
  /** The rows. */
  children: ReactNode;
}

/** A table that is scrolled sideways, also by key, where the screen is too narrow for it. */
export function DataTable({ heads, hasActions = false, empty, children, ...given }: DataTableProps) {
  const say = useTexts();
  if (empty && Children.count(children) === 0) return <EmptyState {...empty} />;
  return (
    <div className="scroll-x" tabIndex={0}>
      <Table {...given}>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head) => (
              <Table.Th key={head} scope="col">
                {head}
              </Table.Th>
            ))}
            {hasActions && (
              <Table.Th scope="col">
                <VisuallyHidden>{say('jobs.actions')}</VisuallyHidden>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </div>
  );
}
