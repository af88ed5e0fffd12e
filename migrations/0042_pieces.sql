set local role amont_owner;

-- A document may be shown for a time: after that day its organisme alone still reads it. One withdrawn keeps its line and its reason; its bytes are destroyed.
alter table piece add column visible_jusqu_au date;
alter policy lecteurs on piece
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from dossier d where d.dept = piece.dept and d.id = piece.dossier)
    and (visible_jusqu_au is null or visible_jusqu_au >= (select public.contexte('jour'))::date
      or organisme = (select public.contexte('organisme'))::uuid)
    and case
      when fil is not null then exists (select 1 from fil f where f.dept = piece.dept and f.id = piece.fil)
      when demande is not null then exists (select 1 from demande q where q.dept = piece.dept and q.id = piece.demande)
      else (select public.contexte('organisme'))::uuid = organisme or (select public.contexte('organisme'))::uuid = any (destinataires)
    end);

create policy effacement on piece_contenu as restrictive for delete to amont_app
  using (exists (select 1 from piece p where p.dept = piece_contenu.dept and p.id = piece_contenu.piece and p.retiree_a is not null
    and p.organisme = (select public.contexte('organisme'))::uuid));
grant delete on piece_contenu to amont_app;

-- Who opened a document addressed to them: until then it waits in what they have to read.
create table piece_lue (
  dept text not null,
  piece uuid not null,
  compte uuid not null,
  organisme uuid not null,
  a timestamptz not null,
  primary key (dept, piece, compte),
  foreign key (dept, piece) references piece (dept, id),
  foreign key (dept, compte) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
alter table piece_lue enable row level security;
alter table piece_lue force row level security;
create policy lecteurs on piece_lue to amont_app
  using (dept = (select public.contexte('dept')) and exists (select 1 from piece p where p.dept = piece_lue.dept and p.id = piece_lue.piece))
  with check (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid
    and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from piece p where p.dept = piece_lue.dept and p.id = piece_lue.piece));
grant select, insert on piece_lue to amont_app;
