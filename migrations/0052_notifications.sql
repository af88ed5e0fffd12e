set local role amont_owner;

-- What happened and whom it concerns: one row for each person, thing and day, whatever happened to it that day. No word of a household: kinds, ids, a date.
create table notification (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  compte uuid not null,
  -- Addressed to a person of this organisme: having left it, they no longer read it.
  organisme uuid not null,
  -- What it is about: a dossier, or a list.
  cle text not null,
  dossier uuid,
  jour date not null,
  -- Array of { genre, objet }.
  motifs jsonb not null,
  genres text[] not null,
  -- The nearest date by which something is expected.
  avant date,
  cree_a timestamptz not null,
  modifiee_a timestamptz not null,
  lue_a timestamptz,
  -- Those marked together are put back together.
  lot uuid,
  -- Told by a mail, or left for the application alone.
  dite_a timestamptz,
  -- Its date was told, at once or by the mail of the day: not told again for what joins it.
  pressee_a timestamptz,
  primary key (dept, id),
  unique (dept, compte, organisme, cle, jour),
  foreign key (dept, compte) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, dossier) references dossier (dept, id)
);
create index notification_boite on notification (dept, compte, modifiee_a desc, id);
create index notification_non_lue on notification (dept, compte, organisme) where lue_a is null;
create index notification_a_dire on notification (dept, compte, modifiee_a) where dite_a is null and lue_a is null;
create index notification_dossier on notification (dept, dossier);
create index notification_lot on notification (dept, compte, lot) where lot is not null;

-- What a person chose; what is null follows the settings of the département.
create table notification_reglage (
  dept text not null,
  compte uuid not null,
  courriel boolean not null default true,
  -- ISO days of the week.
  jours smallint[],
  heure smallint check (heure between 0 and 23),
  -- Hours between which a pressing mail may leave.
  de smallint check (de between 0 and 23),
  a smallint check (a between 1 and 24),
  -- Kinds not recorded at all, and kinds seen in the application only.
  sans text[] not null default '{}',
  sans_courriel text[] not null default '{}',
  version integer not null default 1,
  modifie_a timestamptz not null,
  primary key (dept, compte),
  foreign key (dept, compte) references compte (dept, id)
);

-- One daily mail for each person and day; pressing ones are counted apart.
create table notification_envoi (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  compte uuid not null,
  jour date not null,
  pressant boolean not null,
  nombre integer not null,
  a timestamptz not null,
  primary key (dept, id),
  foreign key (dept, compte) references compte (dept, id)
);
create unique index notification_envoi_du_jour on notification_envoi (dept, compte, jour) where not pressant;

-- An address a mail server refused for good. Mails to this account stop until its address changes or somebody has it tried again.
create table courriel_refuse (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  compte uuid not null,
  courriel text not null,
  -- Answer of the mail server: its code, never its text.
  code smallint not null,
  statut text,
  a timestamptz not null,
  repris_a timestamptz,
  repris_par uuid,
  primary key (dept, id),
  foreign key (dept, compte) references compte (dept, id),
  foreign key (dept, repris_par) references compte (dept, id)
);
create unique index courriel_refuse_vivant on courriel_refuse (dept, compte, courriel) where repris_a is null;

-- Secret addresses of calendars: the address itself is kept nowhere.
create table calendrier_adresse (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  compte uuid not null,
  empreinte text not null,
  cree_a timestamptz not null,
  lue_a timestamptz,
  -- Day and bytes the journal last told.
  dite_le date,
  dite_empreinte text,
  revoquee_a timestamptz,
  primary key (dept, id),
  unique (dept, empreinte),
  foreign key (dept, compte) references compte (dept, id)
);
create unique index calendrier_adresse_vivante on calendrier_adresse (dept, compte) where revoquee_a is null;

-- What a calendar last said of an event: its sequence grows when it says something else.
create table calendrier_evenement (
  dept text not null,
  compte uuid not null,
  uid text not null,
  empreinte text not null,
  sequence integer not null,
  a timestamptz not null,
  primary key (dept, compte, uid),
  foreign key (dept, compte) references compte (dept, id)
);

-- The mail of the day becomes the digest: those who had turned it off still have.
alter table avis_refuse no force row level security;
insert into notification_reglage (dept, compte, courriel, modifie_a) select dept, compte, false, a from avis_refuse;
drop table avis_echange;
drop table avis_refuse;

do $$
declare t text;
begin
  foreach t in array array['notification', 'notification_reglage', 'notification_envoi', 'courriel_refuse', 'calendrier_adresse', 'calendrier_evenement'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

-- Read by their person alone, while the dossier is still theirs to read; background work sees for whom some wait.
create policy siennes on notification to amont_app
  using (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid
    and organisme = (select public.contexte('organisme'))::uuid
    and (dossier is null or exists (select 1 from dossier d where d.dept = notification.dept and d.id = notification.dossier)))
  with check (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid);
create policy travail on notification for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null);
create policy ecriture on notification to amont_owner
  using (dept = (select public.contexte('dept'))) with check (dept = (select public.contexte('dept')));
create policy sien on notification_reglage to amont_app
  using (dept = (select public.contexte('dept'))
    and (compte = (select public.contexte('compte'))::uuid
      or ((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)))
  with check (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid);
create policy lecture on notification_reglage for select to amont_owner using (dept = (select public.contexte('dept')));
create policy sien on notification_envoi to amont_app
  using (dept = (select public.contexte('dept'))
    and (compte = (select public.contexte('compte'))::uuid
      or ((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)))
  with check (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid);
-- An account, its address, the answer of a mail server: what the table of accounts already shows.
create policy perimetre on courriel_refuse to amont_app
  using (dept = (select public.contexte('dept'))) with check (dept = (select public.contexte('dept')));
create policy sienne on calendrier_adresse to amont_app
  using (dept = (select public.contexte('dept'))
    and (compte = (select public.contexte('compte'))::uuid or (select public.contexte('portee')) = 'connexion'))
  with check (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid);
create policy fin on calendrier_adresse to amont_owner
  using (dept = (select public.contexte('dept'))) with check (dept = (select public.contexte('dept')) and revoquee_a is not null);
create policy sien on calendrier_evenement to amont_app
  using (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid)
  with check (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid);

-- Background work tells substitutes what it tells those they stand in for.
create policy travail on engagement_absence for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null);

grant select on notification to amont_app;
grant update (lue_a, lot, dite_a, pressee_a) on notification to amont_app;
grant select, insert, update on notification_reglage to amont_app;
grant select, insert, delete on notification_envoi to amont_app;
grant select, insert on courriel_refuse to amont_app;
grant update (repris_a, repris_par) on courriel_refuse to amont_app;
grant select, insert on calendrier_adresse to amont_app;
grant update (lue_a, dite_le, dite_empreinte, revoquee_a) on calendrier_adresse to amont_app;
grant select, insert on calendrier_evenement to amont_app;
grant update (empreinte, sequence, a) on calendrier_evenement to amont_app;

-- Whoever ends the sessions of an account ends its calendar too, an administrator or the owner of a link. It only ends: nothing is read nor given back.
create function public.finir_calendrier(p_dept text, p_compte uuid, p_a timestamptz) returns void
  language sql security definer
  set search_path = pg_catalog, public
  as $$
  update calendrier_adresse set revoquee_a = p_a
    where dept = p_dept and dept = public.contexte('dept') and compte = p_compte and revoquee_a is null
$$;
revoke execute on function public.finir_calendrier(text, uuid, timestamptz) from public;
grant execute on function public.finir_calendrier(text, uuid, timestamptz) to amont_app;

/*
 * Records what happened for each person, in the transaction of the act: all at once, never for its author, nor for whoever does not want this kind. The second thing of
 * the day about the same dossier joins the first, which is to be read again. `p_une_fois`: what was already told, whatever the day, is not told again.
 */
create function public.noter_notifications(p_dept text, p_auteur uuid, p_jour date, p_a timestamptz, p_une_fois boolean, p_lignes jsonb) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, public
  as $$
declare
  v_ecrites integer;
begin
  if p_dept is distinct from public.contexte('dept') or p_auteur::text is distinct from public.contexte('compte') then
    raise exception 'noter_notifications: other author' using errcode = 'insufficient_privilege';
  end if;
  insert into notification as n (dept, compte, organisme, cle, dossier, jour, motifs, genres, avant, cree_a, modifiee_a)
    select p_dept, x.compte, x.organisme, x.cle, x.dossier, p_jour, jsonb_agg(distinct jsonb_build_object('genre', x.genre, 'objet', x.objet)),
      array_agg(distinct x.genre), coalesce(min(x.avant) filter (where x.avant >= p_jour), min(x.avant)), p_a, p_a
    from jsonb_to_recordset(p_lignes) as x(compte uuid, organisme uuid, cle text, dossier uuid, genre text, objet text, avant date)
    left join notification_reglage r on r.dept = p_dept and r.compte = x.compte
    where x.compte is distinct from p_auteur and not (x.genre = any (coalesce(r.sans, '{}')))
      and not (p_une_fois and exists (select 1 from notification d where d.dept = p_dept and d.compte = x.compte and d.organisme = x.organisme
        and d.cle = x.cle and d.motifs @> jsonb_build_array(jsonb_build_object('genre', x.genre, 'objet', x.objet))))
    group by x.compte, x.organisme, x.cle, x.dossier
    order by x.compte, x.organisme, x.cle
  on conflict (dept, compte, organisme, cle, jour) do update set
    motifs = (select jsonb_agg(distinct m) from jsonb_array_elements(n.motifs || excluded.motifs) m),
    genres = array(select distinct g from unnest(n.genres || excluded.genres) g),
    -- A date gone by hides none to come.
    avant = coalesce(least(case when n.avant >= p_jour then n.avant end, case when excluded.avant >= p_jour then excluded.avant end), n.avant, excluded.avant),
    -- Only a nearer date may be told at once again: what joins a date already told is not that date.
    pressee_a = case when excluded.avant >= p_jour and (n.avant is null or n.avant < p_jour or excluded.avant < n.avant) then null else n.pressee_a end,
    modifiee_a = excluded.modifiee_a, lue_a = null, lot = null,
    -- Told once: what joins it waits for the next digest.
    dite_a = null;
  get diagnostics v_ecrites = row_count;
  return v_ecrites;
end $$;
revoke execute on function public.noter_notifications(text, uuid, date, timestamptz, boolean, jsonb) from public;
grant execute on function public.noter_notifications(text, uuid, date, timestamptz, boolean, jsonb) to amont_app;
