/**
 * A check takes the statistics of what it observes itself. A server that takes them at the same time, and of every
 * column, makes the check wait for a second at each table. Nor are rows worth a vacuum that were just written and that
 * the next check deletes; those that it deleted are vacuumed as usual.
 */
export const sql = ['observed_customer', 'observed_fact', 'observed_subject', 'pointed_customer', 'link']
  .map(
    (table) => `alter table trueup.${table} set (
  autovacuum_analyze_threshold = 2147483647,
  autovacuum_vacuum_insert_threshold = -1
);
`,
  )
  .join('')
