-- AlterTable
ALTER TABLE "workspaces" ADD COLUMN     "erasure_salt" UUID NOT NULL DEFAULT gen_random_uuid();

-- AlterTable
ALTER TABLE "erasures" ADD COLUMN     "lead_id" TEXT NOT NULL DEFAULT '';

-- Who named an erased lead as the one that theirs is a duplicate of.
CREATE INDEX "events_naming_duplicates" ON "events"("workspace_id", (data ->> 'duplicateOf')) WHERE (type = 'Returned' and data ->> 'duplicateOf' is not null);

-- Of an address or a reference in a CRM; each workspace has a salt of its own.
CREATE FUNCTION lead_fingerprint(workspace text, kind text, value text) RETURNS text
LANGUAGE sql STABLE AS $$
  select encode(sha256(convert_to(
    coalesce((select erasure_salt::text from workspaces where id = workspace), workspace)
      || ' ' || kind || ' ' || value, 'UTF8')), 'hex')
$$;

-- The one place that keeps an erased lead from coming back. It looks after the rows are written: whoever
-- waited for the lock of a lead that was being erased sees that it is.
CREATE FUNCTION refuse_erased_leads() RETURNS trigger
LANGUAGE plpgsql AS $$
declare
  prints text[];
begin
  if not exists (select from erasures) then
    return null;
  end if;
  select array_agg(told.print) into prints
  from born cross join lateral (values
    (lead_fingerprint(born.workspace_id, 'email', born.email)),
    (lead_fingerprint(born.workspace_id, 'crm', (born.crm ->> 'system') || ' ' || (born.crm ->> 'id')))
  ) as told(print)
  where told.print is not null and born.erased_at is null;
  if exists (select from erasures e where e.fingerprint = any(prints)
      and e.workspace_id = any(array(select distinct workspace_id from born))) then
    raise exception 'the lead was erased'
      using errcode = 'check_violation', constraint = 'leads_not_erased', table = 'leads';
  end if;
  return null;
end
$$;

CREATE TRIGGER leads_not_erased AFTER INSERT ON "leads"
REFERENCING NEW TABLE AS born FOR EACH STATEMENT EXECUTE FUNCTION refuse_erased_leads();

-- The address or the reference of a lead that is there became that of an erased one.
CREATE FUNCTION refuse_becoming_erased() RETURNS trigger
LANGUAGE plpgsql AS $$
begin
  if exists (select from erasures e where e.workspace_id = new.workspace_id and e.fingerprint in (
      lead_fingerprint(new.workspace_id, 'email', new.email),
      lead_fingerprint(new.workspace_id, 'crm', (new.crm ->> 'system') || ' ' || (new.crm ->> 'id')))) then
    raise exception 'the lead was erased'
      using errcode = 'check_violation', constraint = 'leads_not_erased', table = 'leads';
  end if;
  return null;
end
$$;

CREATE TRIGGER leads_not_becoming_erased AFTER UPDATE OF email, crm ON "leads" FOR EACH ROW
WHEN (new.erased_at is null and (new.email <> old.email or new.crm is distinct from old.crm))
EXECUTE FUNCTION refuse_becoming_erased();
