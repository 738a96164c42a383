-- Who is handed over for the first time, under two addresses at once and as the same record of a CRM, is
-- one lead: the second to come waits for the first here, sees its lead, and is refused. Leads that are
-- known by their address, and those that no CRM knows, pass.
CREATE FUNCTION first_of_crm_record(workspace text, address text, record jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
begin
  if record ->> 'id' is null
      or exists (select from leads where workspace_id = workspace and email = address) then
    return true;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(
    'lead of ' || workspace || ' ' || (record ->> 'system') || ' ' || (record ->> 'id'), 0));
  -- a look of its own, so that it sees what was committed while it waited
  if exists (select from leads where workspace_id = workspace and crm is not null
      and crm ->> 'system' = record ->> 'system' and crm ->> 'id' = record ->> 'id'
      and email <> address) then
    raise exception 'another lead is this record of the CRM'
      using errcode = 'unique_violation', constraint = 'leads_first_of_crm_record', table = 'leads';
  end if;
  return true;
end
$$;
