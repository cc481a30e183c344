import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { shortId } from '../display/domain/shortened.js';

/** A job by the end of its id, which leads to its page. */
export function JobLink({ id }: { id: string }) {
  return (
    <Anchor component={Link} to={`/jobs/${id}`} className="id" title={id}>
      {shortId(id)}
    </Anchor>
  );
}
