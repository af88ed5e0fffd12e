set local role amont_owner;

-- What one organisme hands to another about households: a numbered slip, whose lines and bytes are kept as they left. Lines name their dossier and what made them due;
-- what they say is sealed. A slip withdrawn is closed to its recipient and stays in the register.
create table bordereau (
  dept text not null,
  id uuid not null,
  annee smallint not null,
  numero integer not null,
  genre text not null,
  expediteur uuid not null,
  -- Null: somebody who has no place here; the name says who.
  destinataire uuid,
  destinataire_nom text not null,
  -- Why this recipient: the rule that names it, in words.
  pourquoi text not null,
  canal text not null check (canal in ('amont', 'remise')),
  lignes integer not null check (lignes > 0),
  empreinte text not null,
  rappel_jours smallint,
  rappel_a timestamptz,
  -- Handed over outside: the day its receipt came back.
  recu_le date,
  recu_par uuid,
  envoi uuid not null,
  par uuid not null,
  a timestamptz not null,
  retire_a timestamptz,
  retire_par uuid,
  -- Sealed.
  retire_motif text,
  primary key (dept, id),
  unique (dept, expediteur, annee, numero),
  check ((canal = 'amont') = (destinataire is not null)),
  check ((retire_a is null) = (retire_motif is null)),
  foreign key (dept, expediteur) references organisme (dept, id),
  foreign key (dept, destinataire) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index bordereau_expediteur on bordereau (dept, expediteur, a desc);
create index bordereau_destinataire on bordereau (dept, destinataire, a desc) where destinataire is not null;
create index bordereau_envoi on bordereau (dept, envoi);

create table bordereau_ligne (
  dept text not null,
  bordereau uuid not null,
  rang smallint not null,
  dossier uuid not null,
  -- What made it due: with the kind and the recipient, sent once.
  cle text not null,
  contenu text not null check (contenu ~ '^[0-9a-f]{8}\.[\w-]+$'),
  primary key (dept, bordereau, rang),
  foreign key (dept, bordereau) references bordereau (dept, id),
  foreign key (dept, dossier) references dossier (dept, id)
);
create index bordereau_ligne_due on bordereau_ligne (dept, dossier, cle);

create table bordereau_contenu (
  dept text not null,
  bordereau uuid not null,
  octets bytea not null,
  primary key (dept, bordereau),
  foreign key (dept, bordereau) references bordereau (dept, id)
);

-- What somebody chose not to send, with the reason; put back, it is due again.
create table bordereau_ecart (
  dept text not null,
  id uuid not null,
  expediteur uuid not null,
  genre text not null,
  dossier uuid not null,
  cle text not null,
  -- Sealed.
  motif text not null check (motif ~ '^[0-9a-f]{8}\.[\w-]+$'),
  par uuid not null,
  a timestamptz not null,
  remis_a timestamptz,
  primary key (dept, id),
  foreign key (dept, expediteur) references organisme (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create unique index bordereau_ecart_vivant on bordereau_ecart (dept, expediteur, genre, dossier, cle) where remis_a is null;

-- Who opened what was addressed to their organisme, and when for the first time: a slip, a weekly list, what was told of a force request.
create table ouverture (
  dept text not null,
  quoi text not null check (quoi in ('bordereau', 'liste', 'diffusion')),
  objet uuid not null,
  compte uuid not null,
  organisme uuid not null,
  a timestamptz not null,
  primary key (dept, quoi, objet, compte),
  foreign key (dept, compte) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);

do $$
declare t text;
begin
  foreach t in array array['bordereau', 'bordereau_ligne', 'bordereau_contenu', 'bordereau_ecart', 'ouverture'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

-- Whoever sees the whole département and sends knows what the others sent, so that nothing leaves twice. Background work reminds.
create policy lecture on bordereau for select to amont_app
  using (dept = (select public.contexte('dept'))
    and (((select public.ouvre_cercle('bordereau'))
        and (expediteur = (select public.contexte('organisme'))::uuid or (select public.contexte('portee')) = 'departement'))
      or ((select public.ouvre_cercle('bordereau_recu')) and destinataire = (select public.contexte('organisme'))::uuid)
      or ((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)));
create policy ecriture on bordereau for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('bordereau'))
    and par = (select public.contexte('compte'))::uuid and expediteur = (select public.contexte('organisme'))::uuid);
create policy suite on bordereau for update to amont_app
  using (dept = (select public.contexte('dept'))
    and (((select public.ouvre_cercle('bordereau')) and expediteur = (select public.contexte('organisme'))::uuid)
      or ((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)))
  with check (dept = (select public.contexte('dept')));

-- Withdrawn, nothing of it is read by its recipient.
create policy lecture on bordereau_ligne for select to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from bordereau b where b.dept = bordereau_ligne.dept and b.id = bordereau_ligne.bordereau
      and (((select public.ouvre_cercle('bordereau'))
          and (b.expediteur = (select public.contexte('organisme'))::uuid or (select public.contexte('portee')) = 'departement'))
        or (b.retire_a is null and (select public.ouvre_cercle('bordereau_recu')) and b.destinataire = (select public.contexte('organisme'))::uuid))));
create policy ecriture on bordereau_ligne for insert to amont_app
  with check (dept = (select public.contexte('dept'))
    and exists (select 1 from bordereau b where b.dept = bordereau_ligne.dept and b.id = bordereau_ligne.bordereau
      and b.par = (select public.contexte('compte'))::uuid)
    and exists (select 1 from dossier d where d.dept = bordereau_ligne.dept and d.id = bordereau_ligne.dossier));
create policy lecture on bordereau_contenu for select to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from bordereau b where b.dept = bordereau_contenu.dept and b.id = bordereau_contenu.bordereau
      and (((select public.ouvre_cercle('bordereau')) and b.expediteur = (select public.contexte('organisme'))::uuid)
        or (b.retire_a is null and (select public.ouvre_cercle('bordereau_recu')) and b.destinataire = (select public.contexte('organisme'))::uuid))));
create policy ecriture on bordereau_contenu for insert to amont_app
  with check (dept = (select public.contexte('dept'))
    and exists (select 1 from bordereau b where b.dept = bordereau_contenu.dept and b.id = bordereau_contenu.bordereau
      and b.par = (select public.contexte('compte'))::uuid));
create policy siens on bordereau_ecart to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('bordereau'))
    and expediteur = (select public.contexte('organisme'))::uuid
    and exists (select 1 from dossier d where d.dept = bordereau_ecart.dept and d.id = bordereau_ecart.dossier))
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('bordereau'))
    and expediteur = (select public.contexte('organisme'))::uuid
    and exists (select 1 from dossier d where d.dept = bordereau_ecart.dept and d.id = bordereau_ecart.dossier));

-- Known to the organisme that opened, and to whoever sees what was opened: its sender.
create policy lecture on ouverture for select to amont_app
  using (dept = (select public.contexte('dept'))
    and (organisme = (select public.contexte('organisme'))::uuid
      or (quoi = 'bordereau' and exists (select 1 from bordereau b where b.dept = ouverture.dept and b.id = ouverture.objet))
      or (quoi = 'liste' and exists (select 1 from liste l where l.dept = ouverture.dept and l.id = ouverture.objet))
      or (quoi = 'diffusion' and exists (select 1 from diffusion x where x.dept = ouverture.dept and x.id = ouverture.objet))));
create policy ecriture on ouverture for insert to amont_app
  with check (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid
    and organisme = (select public.contexte('organisme'))::uuid);

grant select, insert on bordereau, bordereau_ligne, bordereau_contenu, bordereau_ecart, ouverture to amont_app;
grant update (rappel_a, recu_le, recu_par, retire_a, retire_par, retire_motif) on bordereau to amont_app;
grant update (remis_a) on bordereau_ecart to amont_app;
-- The day a court received, noted with its slip, is corrected with it.
grant update (le) on diagnostic_envoi to amont_app;

/*
 * As before, and each reason keeps its own date: a reader is told of a date only with the reason it is the date of. A reason told again replaces itself.
 */
create or replace function public.noter_notifications(p_dept text, p_auteur uuid, p_jour date, p_a timestamptz, p_une_fois boolean, p_lignes jsonb) returns integer
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
    select p_dept, x.compte, x.organisme, x.cle, x.dossier, p_jour,
      jsonb_agg(distinct jsonb_build_object('genre', x.genre, 'objet', x.objet, 'avant', x.avant)),
      array_agg(distinct x.genre), coalesce(min(x.avant) filter (where x.avant >= p_jour), min(x.avant)), p_a, p_a
    from jsonb_to_recordset(p_lignes) as x(compte uuid, organisme uuid, cle text, dossier uuid, genre text, objet text, avant date)
    left join notification_reglage r on r.dept = p_dept and r.compte = x.compte
    where x.compte is distinct from p_auteur and not (x.genre = any (coalesce(r.sans, '{}')))
      and not (p_une_fois and exists (select 1 from notification d where d.dept = p_dept and d.compte = x.compte and d.organisme = x.organisme
        and d.cle = x.cle and d.motifs @> jsonb_build_array(jsonb_build_object('genre', x.genre, 'objet', x.objet))))
    group by x.compte, x.organisme, x.cle, x.dossier
    order by x.compte, x.organisme, x.cle
  on conflict (dept, compte, organisme, cle, jour) do update set
    motifs = (select jsonb_agg(y.m order by y.premier, y.m->>'objet') from (
      select distinct on (z.m->>'genre', z.m->>'objet') z.m, min(z.rang) over (partition by z.m->>'genre', z.m->>'objet') as premier from (
        select m, o as rang, 1 as neuf from jsonb_array_elements(n.motifs) with ordinality as a(m, o)
        union all select m, 1000 + o, 2 from jsonb_array_elements(excluded.motifs) with ordinality as b(m, o)) z
      order by z.m->>'genre', z.m->>'objet', z.neuf desc) y),
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

-- What is too old to be news goes, at night: background work alone, as the département set it.
create policy purge on notification for delete to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null);
grant delete on notification to amont_app;

-- Nothing leaves twice, whoever sends it: of the dossiers it reads, each sender knows which lines of a kind left, to whom and when. Neither who sent them nor what they said.
create policy recherche on bordereau for select to amont_recherche using (true);
create policy recherche on bordereau_ligne for select to amont_recherche using (true);
grant select (dept, id, genre, destinataire, destinataire_nom, a, retire_a) on bordereau to amont_recherche;
grant select (dept, bordereau, dossier, cle) on bordereau_ligne to amont_recherche;
reset role;
grant create on schema public to amont_recherche;
set local role amont_recherche;
create function public.bordereaux_partis(p_genre text, p_dossiers uuid[]) returns table (vers text, dossier uuid, cle text, a timestamptz)
  language sql stable security definer
  set search_path = pg_catalog, public
  as $$
    select coalesce(b.destinataire::text, b.destinataire_nom), l.dossier, l.cle, b.a
    from public.bordereau_ligne l join public.bordereau b on b.dept = l.dept and b.id = l.bordereau
    where l.dept = public.contexte('dept') and l.dossier = any (p_dossiers) and b.genre = p_genre and b.retire_a is null and public.ouvre_cercle('bordereau')
  $$;
revoke execute on function public.bordereaux_partis(text, uuid[]) from public;
grant execute on function public.bordereaux_partis(text, uuid[]) to amont_app;
reset role;
revoke create on schema public from amont_recherche;
