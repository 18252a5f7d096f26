-- Note whose order, checkout or cart this is, and return what is known of that by now.
-- Writes shop_reference. Locks the reference until the commit.
-- Who was named first stays; a member id outlives the contacts that stood in for it.
insert into shop_reference (connection_id, reference, user_id, contacts, told_at)
values (
    %(connection_id)s,
    %(reference)s,
    %(user_id)s::text,
    %(contacts)s::jsonb,
    %(now)s::timestamptz
)
on conflict (connection_id, reference) do update
    set
        user_id = coalesce(shop_reference.user_id, excluded.user_id),
        contacts = case
            when coalesce(shop_reference.user_id, excluded.user_id) is not null then '[]'::jsonb
            when shop_reference.contacts <> '[]' then shop_reference.contacts
            else excluded.contacts
        end
returning user_id, contacts
