-- The role that seals the journal: it may read entries and add to the chain, and nothing else. Shared by every database of the cluster.
do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'amont_journal') then
    create role amont_journal nologin;
  end if;
  if not pg_has_role(current_user, 'amont_journal', 'usage') then
    execute format('grant amont_journal to current_user');
  end if;
end $$;
grant usage on schema public to amont_journal;
set local role amont_owner;
grant execute on function public.contexte(text) to amont_journal;

-- `dossiers`: every dossier whose data the act showed, sent or changed. `route`: the address pattern it came through.
alter table journal
  add column route text,
  add column dossiers uuid[] not null default '{}';
drop index journal_objet;
create index journal_temps on journal (dept, a desc, id desc);
create index journal_compte on journal (dept, compte, a desc, id desc);
-- A short pending list: the request that empties it must not wait long.
create index journal_dossiers on journal using gin (dossiers) with (gin_pending_list_limit = 512);

-- Entries not sealed yet, with the transaction that wrote them. Written by a trigger, emptied by the sealing.
create table journal_attente (
  dept text not null,
  entree bigint not null,
  xid xid8 not null,
  primary key (dept, entree)
);

-- The chain: entry number `numero` is `entree`, and `empreinte` covers it and everything before.
create table journal_sceau (
  dept text not null,
  numero bigint not null,
  entree bigint not null,
  empreinte bytea not null,
  primary key (dept, numero),
  unique (dept, entree)
);

-- One row a département: whoever seals holds it.
create table journal_tete (
  dept text not null,
  numero bigint not null,
  empreinte bytea not null,
  primary key (dept)
);

-- A month of the chain. It stays when its entries are destroyed at the end of their conservation, so that the chain still verifies.
create table journal_segment (
  dept text not null,
  mois text not null,
  premier bigint not null,
  dernier bigint,
  empreinte_avant bytea not null,
  empreinte bytea,
  clos_a timestamptz,
  purge_a timestamptz,
  primary key (dept, mois)
);

-- What was written before the chain existed waits for it like the rest; the dossiers it named take their place.
alter table journal no force row level security;
update journal set dossiers = case
    when objet = 'dossier' then array[objet_id::uuid]
    when jsonb_typeof(details->'ids') = 'array' then array(select jsonb_array_elements_text(details->'ids')::uuid)
    else dossiers end
  where objet = 'dossier' or action = 'dossiers.lister';
insert into journal_attente (dept, entree, xid) select dept, id, pg_current_xact_id() from journal;
alter table journal force row level security;

do $$
declare t text;
begin
  foreach t in array array['journal_attente', 'journal_sceau', 'journal_tete', 'journal_segment'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy lecture on %I for select to amont_app using (dept = (select public.contexte('dept')))$p$, t);
    execute format($p$create policy scellement on %I to amont_journal
      using (dept = (select public.contexte('dept'))) with check (dept = (select public.contexte('dept')))$p$, t);
    execute format('grant select on %I to amont_app', t);
  end loop;
end $$;
-- Everybody's acts add to the journal; only those who watch over it, and the work of jobs and commands, read it.
drop policy perimetre on journal;
create policy ajout on journal for insert to amont_app with check (dept = (select public.contexte('dept')));
create policy lecture on journal for select to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('compte')) is null or (select public.contexte('portee')) in ('aucune', 'vigilance')));
create policy scellement on journal for select to amont_journal using (dept = (select public.contexte('dept')));
grant select on journal to amont_journal;
grant select, insert, delete on journal_attente to amont_journal;
grant select, insert on journal_sceau to amont_journal;
grant select, insert, update on journal_tete, journal_segment to amont_journal;

-- What the hash covers: each field as its length in bytes and its text, `-` when absent. Documented in docs/formats/journal.md.
create function public.journal_contenu(j public.journal) returns text
  language sql stable
  set search_path = pg_catalog
  as $$
    select string_agg(case when v is null then '-' else octet_length(v)::text || ':' || v end, ',' order by n)
    from unnest(array[
      j.dept, j.id::text, (extract(epoch from j.a) * 1000000)::bigint::text, j.compte::text, j.organisme::text, j.acteur, j.action, j.objet,
      j.objet_id, j.resultat, j.route, j.dossiers::text, j.details::text
    ]) with ordinality as champ(v, n)
  $$;
revoke execute on function public.journal_contenu(public.journal) from public;
grant execute on function public.journal_contenu(public.journal) to amont_journal;

create function public.attendre_scellement() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, public
  as $$
begin
  insert into journal_attente (dept, entree, xid) select dept, id, pg_current_xact_id() from ecrites;
  return null;
end $$;
revoke execute on function public.attendre_scellement() from public;
create trigger attendre_scellement after insert on journal referencing new table as ecrites
  for each statement execute function public.attendre_scellement();

/*
 * Chains the entries whose transaction is over, oldest transaction first, and closes the month that ended. An open transaction may still add
 * entries: everything from the oldest one open on waits, so that the chain never has to step back. Returns how many were sealed and the month
 * closed, if one was. Repeating it adds nothing.
 */
create function public.sceller_journal(p_dept text, p_a timestamptz, p_limite integer)
  returns table (scelles integer, mois_clos text)
  language plpgsql security definer
  set search_path = pg_catalog, public
  as $$
declare
  v_tete journal_tete%rowtype;
  v_segment journal_segment%rowtype;
  v_mois text := to_char(p_a at time zone 'Europe/Paris', 'YYYY-MM');
  v_entree record;
begin
  if p_dept is distinct from public.contexte('dept') then
    raise exception 'sceller_journal: other département' using errcode = 'insufficient_privilege';
  end if;
  scelles := 0;
  insert into journal_tete (dept, numero, empreinte)
    values (p_dept, 0, sha256(convert_to('amont:journal:' || p_dept, 'UTF8'))) on conflict do nothing;
  -- Whoever waits here reads what the other one has sealed: each statement below has its own view, taken after the lock.
  select * into v_tete from journal_tete t where t.dept = p_dept for update;
  select * into v_segment from journal_segment s where s.dept = p_dept and s.clos_a is null;
  if found and v_segment.mois < v_mois then
    update journal_segment s set dernier = v_tete.numero, empreinte = v_tete.empreinte, clos_a = p_a
      where s.dept = p_dept and s.mois = v_segment.mois;
    mois_clos := v_segment.mois;
    v_segment := null;
  end if;
  for v_entree in
    -- The very view the rows are read under: a later one could show entries written after it, over a transaction still open.
    with photo as materialized (select pg_current_snapshot() as vue)
    select a.entree, public.journal_contenu(j) as contenu
    from photo, journal_attente a join journal j on j.dept = p_dept and j.id = a.entree
    -- A number beyond every one given here comes from another server, by a restored backup: that transaction is over.
    where a.dept = p_dept and (a.xid < pg_snapshot_xmin(photo.vue) or a.xid >= pg_snapshot_xmax(photo.vue)) and a.xid <> pg_current_xact_id()
    order by a.xid, a.entree limit p_limite
  loop
    if v_segment.mois is null then
      v_segment.mois := v_mois;
      insert into journal_segment (dept, mois, premier, empreinte_avant) values (p_dept, v_mois, v_tete.numero + 1, v_tete.empreinte);
    end if;
    v_tete.numero := v_tete.numero + 1;
    v_tete.empreinte := sha256(v_tete.empreinte || convert_to(v_entree.contenu, 'UTF8'));
    insert into journal_sceau (dept, numero, entree, empreinte) values (p_dept, v_tete.numero, v_entree.entree, v_tete.empreinte);
    delete from journal_attente where dept = p_dept and entree = v_entree.entree;
    scelles := scelles + 1;
  end loop;
  if scelles > 0 then
    update journal_tete t set numero = v_tete.numero, empreinte = v_tete.empreinte where t.dept = p_dept;
  end if;
  return next;
end $$;
revoke execute on function public.sceller_journal(text, timestamptz, integer) from public;

-- Destroys the entries of closed months, oldest first; the month stays with both its hashes. Not for the application: an operator's command calls it.
create policy purge on journal to amont_owner using (dept = (select public.contexte('dept')));
create policy purge on journal_sceau to amont_owner using (dept = (select public.contexte('dept')));
create policy purge on journal_segment to amont_owner using (dept = (select public.contexte('dept')));
create function public.purger_journal(p_dept text, p_avant text, p_a timestamptz)
  returns table (mois text, entrees bigint)
  language plpgsql security definer
  set search_path = pg_catalog, public
  as $$
declare
  v_segment record;
begin
  if p_dept is distinct from public.contexte('dept') then
    raise exception 'purger_journal: other département' using errcode = 'insufficient_privilege';
  end if;
  for v_segment in
    select * from journal_segment s where s.dept = p_dept and s.mois < p_avant and s.clos_a is not null and s.purge_a is null order by s.mois
  loop
    delete from journal j using journal_sceau c
      where j.dept = p_dept and c.dept = p_dept and c.entree = j.id and c.numero between v_segment.premier and v_segment.dernier;
    delete from journal_sceau c where c.dept = p_dept and c.numero between v_segment.premier and v_segment.dernier;
    get diagnostics entrees = row_count;
    update journal_segment s set purge_a = p_a where s.dept = p_dept and s.mois = v_segment.mois;
    mois := v_segment.mois;
    return next;
  end loop;
end $$;
revoke execute on function public.purger_journal(text, text, timestamptz) from public;
reset role;

grant create on schema public to amont_journal;
alter function public.sceller_journal(text, timestamptz, integer) owner to amont_journal;
alter function public.attendre_scellement() owner to amont_journal;
revoke create on schema public from amont_journal;
grant execute on function public.sceller_journal(text, timestamptz, integer) to amont_app;
