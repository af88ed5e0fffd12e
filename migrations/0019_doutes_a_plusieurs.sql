set local role amont_owner;

-- Lines about the household of a doubt that came after it: they wait with it, and one answer places them all. `certain` says that the line is the same household
-- as the first without any doubt. A line that leaves keeps its row, ended.
create table doute_signal (
  dept text not null,
  doute uuid not null,
  signalement uuid not null,
  probabilite double precision not null,
  certain boolean not null,
  raisons jsonb not null default '[]',
  contraires jsonb not null default '[]',
  a timestamptz not null,
  sorti_a timestamptz,
  primary key (dept, doute, signalement),
  foreign key (dept, doute) references doute (dept, id),
  foreign key (dept, signalement) references signalement (dept, id)
);
create unique index doute_signal_vivant on doute_signal (dept, signalement) where sorti_a is null;

alter table doute_signal enable row level security;
alter table doute_signal force row level security;
-- Like the doubts: recognition compares across the whole département.
create policy perimetre on doute_signal to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement')
  with check (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement');
grant select, insert, update on doute_signal to amont_app;
