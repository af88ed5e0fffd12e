import type { Database } from './connect.ts'

const CATALOGUE = `
select 'table sans RLS FORCE' f, c.oid::regclass::text o from pg_class c join pg_namespace n on n.oid=relnamespace where nspname='public' and relkind in('r','p') and not (relrowsecurity and relforcerowsecurity)
union all select 'vue sans security_invoker', c.oid::regclass::text from pg_class c join pg_namespace n on n.oid=relnamespace where nspname='public' and relkind='v' and not coalesce(reloptions::text ~ 'security_invoker=(true|on)',false)
union all select 'vue matérialisée lisible par app', c.oid::regclass::text from pg_class c where relkind='m' and has_table_privilege('amont_app',c.oid,'select')
union all select 'security definer sans search_path', p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid=pronamespace where nspname='public' and prosecdef and not coalesce(proconfig::text ~ 'search_path',false)
union all select 'security definer exécutable par PUBLIC', p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid=pronamespace where nspname not in('pg_catalog','information_schema') and prosecdef and (proacl is null or proacl::text ~ '[{,]=X')
union all select 'fonction leakproof hors catalogue', p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid=pronamespace where nspname not in('pg_catalog','information_schema') and proleakproof
union all select 'policy toujours vraie', format('%I.%I %s', schemaname, tablename, policyname) from pg_policies where (qual='true' or with_check='true') and roles <> '{amont_recherche}'
union all select 'rôle app trop fort', rolname from pg_roles where rolname='amont_app' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)
union all select 'app propriétaire', c.oid::regclass::text from pg_class c where pg_get_userbyid(relowner)='amont_app'
union all select 'app peut créer dans un schéma', nspname from pg_namespace where nspname !~ '^pg_' and has_schema_privilege('amont_app',oid,'CREATE')
union all select 'app a TEMP', current_database() where has_database_privilege('amont_app',current_database(),'TEMP')
union all select 'clé primaire sans dept en tête', c.conrelid::regclass::text from pg_constraint c join pg_namespace n on n.oid=c.connamespace
  where nspname='public' and contype='p' and (select attname from pg_attribute a where a.attrelid=c.conrelid and a.attnum=c.conkey[1]) <> 'dept'
union all select 'clé étrangère sans dept en tête', c.conrelid::regclass::text || ' ' || c.conname from pg_constraint c join pg_namespace n on n.oid=c.connamespace
  where nspname='public' and contype='f' and (select attname from pg_attribute a where a.attrelid=c.conrelid and a.attnum=c.conkey[1]) <> 'dept'
order by 1, 2`

/** Reads the catalogue for what would open a hole in the perimeter. No line means no fault. */
export async function catalogueFaults(base: Database): Promise<{ fault: string; object: string }[]> {
  const result = await base.pool.query(CATALOGUE)
  return (result.rows as { f: string; o: string }[]).map((row) => ({ fault: row.f, object: row.o }))
}
