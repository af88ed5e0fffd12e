-- Roles are shared by every database of the cluster: create them only when missing.
do $$
declare r text;
begin
  foreach r in array array['amont_owner', 'amont_app', 'amont_recherche'] loop
    if not exists (select 1 from pg_roles where rolname = r) then
      execute format('create role %I nologin', r);
    end if;
    -- The migration role must be able to act as the owner, and the connection to become the application.
    if not pg_has_role(current_user, r, 'usage') then
      execute format('grant %I to current_user', r);
    end if;
  end loop;
end $$;

do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$;
revoke create on schema public from public;
grant usage, create on schema public to amont_owner;
grant usage on schema public to amont_app, amont_recherche;

create schema extensions;
create extension if not exists pg_trgm with schema extensions;
grant usage on schema extensions to amont_owner, amont_app, amont_recherche;
