/** Writes as many as a large account could have after a wrong deploy into a project: copies of one, each with an id of its own. */
export const manyIncidents = `
  insert into trueup.incident
    (project_id, incident_id, workspace_id, identity_key, state, severity_rank, opened_at, incident)
  select project_id, incident_id || n, workspace_id, identity_key || n, state, severity_rank, opened_at,
    jsonb_set(incident::jsonb, '{id}', to_jsonb(incident_id || n))::json
  from (select * from trueup.incident where project_id = $1 and state = 'open' limit 1) one, generate_series(1, 100000) n`
