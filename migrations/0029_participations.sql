set local role amont_owner;

-- Need to know: an organisme works on a dossier from a day, until a day, for a reason. Withdrawing is at once (`retiree_a`).
create table participation (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  organisme uuid not null,
  origine text not null check (origine in ('invitation', 'demande', 'seance')),
  motif text not null,
  -- The accord of the household this organisme's reading depends on, as the data said when it was invited.
  accord text,
  du date not null,
  jusqu_au date,
  cree_a timestamptz not null,
  compte uuid,
  retiree_a timestamptz,
  retiree_par uuid,
  retiree_motif text,
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, compte) references compte (dept, id)
);
create index participation_dossier on participation (dept, dossier);
create index participation_organisme on participation (dept, organisme) where retiree_a is null;

-- Break-glass: one person, one dossier, one reason, a day at most. Ended early, never prolonged.
create table acces_exceptionnel (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  compte uuid not null,
  organisme uuid not null,
  motif text not null,
  ouvert_a timestamptz not null,
  expire_a timestamptz not null,
  clos_a timestamptz,
  primary key (dept, id),
  check (expire_a > ouvert_a and expire_a <= ouvert_a + interval '24 hours'),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, compte) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index acces_exceptionnel_compte on acces_exceptionnel (dept, compte, expire_a);
create index acces_exceptionnel_dossier on acces_exceptionnel (dept, dossier);

-- What the household was told, agreed to, refused or took back: the newest line of an `objet` is in force. Append-only.
create table accord (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  rang bigint generated always as identity,
  dossier uuid not null,
  objet text not null,
  sens text not null check (sens in ('information', 'accord', 'refus', 'retrait')),
  organisme uuid,
  le date not null,
  -- Last day it holds, when it is given for a time.
  jusqu_au date,
  moyen text not null,
  -- What a mandataire's measure allows to say: codes of the data.
  portees text[] not null default '{}',
  precision text,
  a timestamptz not null,
  compte uuid,
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, compte) references compte (dept, id)
);
create index accord_dossier on accord (dept, dossier, objet, rang);

do $$
declare t text;
begin
  foreach t in array array['participation', 'acces_exceptionnel', 'accord'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

-- Dossiers the organisme of the session works on today. The policy of `dossier` cannot read tables whose policies read `dossier`: this reads them as the role
-- of searches, for the session's own organisme and day only. Without a day, or an accord it depends on, nothing.
create policy recherche on participation for select to amont_recherche using (true);
create policy recherche on accord for select to amont_recherche using (true);
grant select (dept, dossier, organisme, accord, du, jusqu_au, retiree_a) on participation to amont_recherche;
grant select (dept, dossier, objet, sens, organisme, jusqu_au, rang) on accord to amont_recherche;
reset role;
grant create on schema public to amont_recherche;
set local role amont_recherche;
create function public.dossiers_participes() returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, public
  as $$
    select p.dossier
    from public.participation p
    cross join (select public.contexte('jour')::date as jour) j
    where p.dept = public.contexte('dept') and p.organisme = public.contexte('organisme')::uuid
      and p.retiree_a is null and p.du <= j.jour and (p.jusqu_au is null or p.jusqu_au >= j.jour)
      and (p.accord is null or coalesce((
        select a.sens = 'accord' and (a.jusqu_au is null or a.jusqu_au >= j.jour)
        from public.accord a
        where a.dept = p.dept and a.dossier = p.dossier and a.objet = p.accord and (a.organisme is null or a.organisme = p.organisme)
        order by a.rang desc limit 1), false))
  $$;
revoke execute on function public.dossiers_participes() from public;
grant execute on function public.dossiers_participes() to amont_app;
reset role;
revoke create on schema public from amont_recherche;
set local role amont_owner;

-- Participations are read once per statement, and only by those whose rights stop at their organisme. Every other policy asks the dossier, and follows.
alter policy perimetre on dossier
  using (
    dept = (select public.contexte('dept'))
    and (
      (select public.contexte('portee')) = 'departement'
      or territoire = any ((select string_to_array(public.contexte('territoires'), ','))::text[])
      or (select public.contexte('organisme'))::uuid = any (organismes_habilites)
      or ((select public.contexte('portee')) = 'organisme' and (
        id in (select participe from public.dossiers_participes() participe)
        or id = any ((select string_to_array(public.contexte('exceptionnels'), ','))::uuid[])
      ))
    )
  );

-- Whoever reads a dossier reads who else does.
create policy perimetre on participation to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or organisme = (select public.contexte('organisme'))::uuid
      or exists (select 1 from dossier d where d.dept = participation.dept and d.id = participation.dossier)))
  with check (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from dossier d where d.dept = participation.dept and d.id = participation.dossier)));
-- Opened and ended by the person alone, for themselves.
create policy perimetre on acces_exceptionnel to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) in ('departement', 'vigilance', 'connexion')
      or compte = (select public.contexte('compte'))::uuid
      or exists (select 1 from dossier d where d.dept = acces_exceptionnel.dept and d.id = acces_exceptionnel.dossier)))
  with check (dept = (select public.contexte('dept'))
    and compte = (select public.contexte('compte'))::uuid and organisme = (select public.contexte('organisme'))::uuid);
create policy perimetre on accord to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from dossier d where d.dept = accord.dept and d.id = accord.dossier)))
  with check (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from dossier d where d.dept = accord.dept and d.id = accord.dossier)));
grant select, insert on participation, acces_exceptionnel, accord to amont_app;
grant update (retiree_a, retiree_par, retiree_motif) on participation to amont_app;
grant update (clos_a) on acces_exceptionnel to amont_app;
