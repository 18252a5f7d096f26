-- Delete the customer's events from the inbox, behind a position of the tick or all; name them.
-- Reads acted_event. Writes event, parked_event. Locks the rows it deletes.
-- An event belongs to whom its strongest identifier names; an event that repeats another of the
-- customer's, or that could not act, is theirs too.
with deleted as (
    delete from event
    where
        event.workspace_id = %(workspace_id)s
        and (event.written_by, event.id) > (%(written_by)s::xid8, %(event_id)s::bigint)
        and (
            event.customer_id = %(customer_id)s
            or event.user_id = any(%(user_ids)s::text[])
            or (event.user_id is null and event.anonymous_id = any(%(anonymous_ids)s::text[]))
            or (
                event.user_id is null
                and event.anonymous_id is null
                and event.contacts <> '[]'
                and exists (
                    select
                    from jsonb_to_recordset(event.contacts) as contact (key text)
                    where contact.key = any(%(contact_keys)s::text[])
                )
            )
            or event.message_id in (
                select acted_event.message_id
                from acted_event
                where
                    acted_event.workspace_id = %(workspace_id)s
                    and acted_event.customer_id = %(customer_id)s
            )
        )
    returning event.id
),

unparked as (
    delete from parked_event
    using deleted
    where parked_event.workspace_id = %(workspace_id)s and parked_event.event_id = deleted.id
)

select deleted.id from deleted
