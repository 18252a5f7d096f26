-- Note up to when a vendor has been asked something.
-- Reads nothing. Writes vendor_poll.
insert into vendor_poll (provider, question, asked_until)
values (%(provider)s, %(question)s, %(asked_until)s::timestamptz)
on conflict (provider, question) do update set asked_until = excluded.asked_until
