-- Follow-ups are told by notifications, with the budget of their reader: the table of the mails they had of their own goes.
set local role amont_owner;
drop table suite_avis;
reset role;
