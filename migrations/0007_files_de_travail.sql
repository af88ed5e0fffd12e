-- The job queue is installed by its library under the migration role; the application may only add jobs, through this door.
create function public.enfiler(p_tache text, p_charge json, p_cle text, p_quand timestamptz) returns void
  language plpgsql security definer
  set search_path = pg_catalog
  as $$
begin
  perform graphile_worker.add_job(
    p_tache, p_charge,
    run_at => coalesce(p_quand, pg_catalog.now()),
    job_key => p_cle,
    max_attempts => 8
  );
end $$;
revoke execute on function public.enfiler(text, json, text, timestamptz) from public;
grant execute on function public.enfiler(text, json, text, timestamptz) to amont_app;
