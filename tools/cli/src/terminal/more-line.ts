/** Told below a list that does not end here. A cursor is longer than a line, and for programs. */
export const moreLine = 'There are more: raise --limit (to 200), or page with --json and --cursor.';
