-- Take the next events of the inbox with contacts that are sealed under an older master key.
-- Reads event. Locks the events it takes.
select
    event.written_by::text as written_by,
    event.id,
    event.received_at,
    event.contacts
from event
where
    event.workspace_id = %(workspace_id)s
    and (event.written_by, event.id) > (%(after)s::xid8, %(after_id)s::bigint)
    and event.contacts <> '[]'
    and jsonb_path_exists(
        event.contacts,
        '$[*] ? (!(@.sealed starts with $mark))',
        jsonb_build_object('mark', %(mark)s::text)
    )
order by event.written_by, event.id
limit %(batch)s
for update
