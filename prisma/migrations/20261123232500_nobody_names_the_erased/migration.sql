-- Who is named as the lead that another one is a duplicate of, at the moment of its erasure: whoever names
-- it first keeps the erasure waiting, which then finds it; whoever comes later waits here, and is refused.
CREATE FUNCTION refuse_naming_erased() RETURNS trigger
LANGUAGE plpgsql AS $$
declare
  named text := to_jsonb(new) #>> array[tg_argv[0], 'duplicateOf'];
begin
  perform from leads where workspace_id = new.workspace_id and email = named for key share;
  -- a look of its own, so that it sees what was committed while it waited
  if exists (select from erasures where workspace_id = new.workspace_id
      and fingerprint = lead_fingerprint(new.workspace_id, 'email', named)) then
    raise exception 'the lead that is named was erased'
      using errcode = 'check_violation', constraint = 'erased_not_named', table = tg_table_name;
  end if;
  return null;
end
$$;

CREATE TRIGGER events_name_nobody_erased AFTER INSERT ON "events" FOR EACH ROW
WHEN (new.type = 'Returned' and new.data ->> 'duplicateOf' is not null)
EXECUTE FUNCTION refuse_naming_erased('data');

CREATE TRIGGER handoffs_name_nobody_erased AFTER INSERT ON "handoffs" FOR EACH ROW
WHEN (new.previous ->> 'duplicateOf' is not null)
EXECUTE FUNCTION refuse_naming_erased('previous');
