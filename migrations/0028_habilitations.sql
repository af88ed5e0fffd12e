set local role amont_owner;

-- A habilitation ends at once (`retiree_a`) or on a day known beforehand (`jusqu_au`); it is confirmed each year (`revue_le`).
alter table habilitation
  add column retiree_a timestamptz,
  add column retiree_motif text,
  add column revue_le date;
