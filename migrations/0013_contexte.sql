-- Every policy of every table reads the settings of the transaction through this function. With a search path of its own it was called each time; a body
-- parsed once, here, needs none, and PostgreSQL writes it in place of the call.
set local role amont_owner;

create or replace function public.contexte(cle text) returns text
  language sql stable parallel safe
  return nullif(current_setting('app.' || cle, true), '');
