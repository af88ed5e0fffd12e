set local role amont_owner;

-- What happened to the dossier that the letter tells (a referral, a session), when nobody asked for it: `demande` is then its mark.
alter table courrier add column evenement uuid;
