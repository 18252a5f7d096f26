-- Begin to count anew for messages that vendors take.
-- Writes content_fault. Locks its rows.
delete from content_fault
using
    unnest(%(journey_ids)s::integer[], %(template_ids)s::integer[])
        as taken (
            journey_id, template_id
        )
where
    content_fault.journey_id = taken.journey_id
    and content_fault.template_id = taken.template_id
