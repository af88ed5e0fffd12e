-- Twenty households of the queue of a day are read from an index, even when a whole département has the same day. See docs/decisions/0050.

set local role amont_owner;

create index dossier_file on dossier (dept, echeance_tri, en_serie desc, stade_rang desc, premier_signal_le, id) where clos_le is null;

reset role;
