/*
 * Organismes are opened, changed and closed on screen by the département. What people wrote is no longer overwritten by the data shipped, which only fills what nobody
 * has touched.
 */
set local role amont_owner;

alter table organisme
  add column version integer not null default 1,
  add column tenu_a timestamptz,
  add column ferme_a timestamptz,
  add column ferme_motif text;

reset role;
