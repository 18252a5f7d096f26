-- Drop the events whose message id has acted before, or comes first with another of this batch.
-- Reads acted_event. Writes arrival.
with repeated as (
    select numbered.event_id
    from (
        select
            arrival.event_id,
            row_number() over (
                partition by arrival.message_id
                order by arrival.written_by, arrival.event_id
            ) as turn
        from arrival
    ) as numbered
    where numbered.turn > 1
    union all
    select arrival.event_id
    from arrival
    inner join acted_event
        on
            acted_event.workspace_id = %(workspace_id)s
            and arrival.message_id = acted_event.message_id
)

delete from arrival
using repeated
where arrival.event_id = repeated.event_id
