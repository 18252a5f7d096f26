-- Was anything noted in this transaction about who is who?
-- Reads evidence, touched, changed_head, tick_contact.
select
    exists (select from evidence)
    or exists (select from touched)
    or exists (select from changed_head)
    or exists (select from tick_contact)
