/**
 * Statistics of what checks observe, from samples of 3,000 rows: they have to say no more than how many rows there are
 * and that ids differ, and are taken anew twice in each check, while nothing else can go on.
 */
export const sql = `
alter table trueup.observed_customer
  alter column project_id set statistics 10,
  alter column check_number set statistics 10,
  alter column customer_id set statistics 10;
alter table trueup.observed_fact
  alter column project_id set statistics 10,
  alter column check_number set statistics 10,
  alter column customer_id set statistics 10,
  alter column entitling set statistics 10;
alter table trueup.observed_subject
  alter column project_id set statistics 10,
  alter column check_number set statistics 10,
  alter column subject_key set statistics 10,
  alter column points_to set statistics 10;
alter table trueup.pointed_customer
  alter column project_id set statistics 10,
  alter column check_number set statistics 10,
  alter column customer_id set statistics 10;
alter table trueup.link
  alter column project_id set statistics 10,
  alter column check_number set statistics 10,
  alter column workspace_id set statistics 10,
  alter column subject_key set statistics 10,
  alter column customer_id set statistics 10,
  alter column rule set statistics 10;
`
