-- A file whose columns were not recognised is replaced by its masked form once they are: the first one must be able to leave.
grant delete on fichier to amont_app;
