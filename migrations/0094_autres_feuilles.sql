-- Sheets of a workbook that hold something and are not read: said with the deposit, so that no line is lost in silence.
alter table lot add column autres_feuilles jsonb not null default '[]';
grant update (autres_feuilles) on lot to amont_conservation;
