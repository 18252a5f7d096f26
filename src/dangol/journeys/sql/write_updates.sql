-- Say what everybody is to be known by from now on who is at an update on this hop; count the rest.
-- Reads moving, journey_step, customer, event, event_cursor. Writes event: the next tick folds it.
-- Tags are a list, and grow by what was said last: by an update that no tick has folded yet, else
-- by what is known. Of several updates of one customer on a hop only that in turn is written. What
-- was said at the same moment comes later than what it follows.
with changing as materialized (
    select
        moving.enrollment_id,
        moving.customer_id,
        concat_ws(':', 'journey', moving.enrollment_id, journey_step.id, moving.planned + 1)
            as message_id,
        journey_step.update_traits as change,
        row_number() over (
            partition by moving.customer_id
            order by moving.enrollment_id
        ) as turn
    from moving
    inner join journey_step
        on moving.version_id = journey_step.version_id and moving.step_number = journey_step.number
    where moving.hop = %(hop)s and journey_step.kind = 'update'
),

said as materialized (
    select distinct on (event.customer_id)
        event.customer_id,
        event.occurred_at,
        event.traits
    from event_cursor
    inner join event
        on
            event_cursor.workspace_id = event.workspace_id
            and (event.written_by, event.id) > (event_cursor.written_by, event_cursor.event_id)
    where
        event_cursor.workspace_id = %(workspace_id)s
        and event_cursor.reader = 'tick'
        and event.message_id like 'journey:%%'
        and event.type = 'identify'
        and event.customer_id in (select changing.customer_id from changing)
    order by event.customer_id, event.id desc
),

known as (
    select
        changing.enrollment_id,
        changing.customer_id,
        changing.message_id,
        changing.change,
        said.occurred_at as said_at,
        customer.traits_at,
        coalesce(
            case jsonb_typeof(coalesce(said.traits -> 'tags', customer.traits -> 'tags'))
                when 'array' then coalesce(said.traits -> 'tags', customer.traits -> 'tags')
            end,
            '[]'
        ) as tags
    from changing
    inner join customer on changing.customer_id = customer.id
    left join said on changing.customer_id = said.customer_id
    where changing.turn = %(turn)s
),

tag as (
    select
        known.message_id,
        listed.value,
        min(listed.place) as place
    from known
    cross join
        lateral jsonb_array_elements(known.tags || coalesce(known.change -> 'add_tags', '[]'))
        with ordinality as listed (value, place)
    where not coalesce(known.change -> 'remove_tags', '[]') @> listed.value
    group by known.message_id, listed.value
),

tagged as (
    select
        tag.message_id,
        jsonb_agg(tag.value order by tag.place) as tags
    from tag
    group by tag.message_id
),

removed as (
    select
        known.message_id,
        jsonb_object_agg(unset.name, null) as traits
    from known
    cross join lateral jsonb_array_elements_text(known.change -> 'unset') as unset (name)
    group by known.message_id
),

retagged as (
    select
        known.enrollment_id,
        known.customer_id,
        known.message_id,
        known.said_at,
        known.traits_at,
        coalesce(known.change -> 'set', '{}')
        || coalesce(removed.traits, '{}')
        || case
            when known.change ?| array['add_tags', 'remove_tags']
                then jsonb_build_object('tags', coalesce(tagged.tags, '[]'))
            else '{}'
        end as traits
    from known
    left join tagged on known.message_id = tagged.message_id
    left join removed on known.message_id = removed.message_id
),

written as (
    insert into event (
        workspace_id, received_at, occurred_at, type, name, message_id, customer_id, traits
    )
    select
        %(workspace_id)s,
        %(now)s::timestamptz,
        greatest(
            %(now)s::timestamptz,
            retagged.said_at + interval '1 microsecond',
            (
                select
                    to_timestamp(max((retagged.traits_at ->> trait.name)::double precision))
                    + interval '1 microsecond'
                from jsonb_object_keys(retagged.traits) as trait (name)
            )
        ),
        'identify',
        'Identified',
        retagged.message_id,
        retagged.customer_id,
        retagged.traits
    from retagged
    order by retagged.enrollment_id
)

select coalesce(max(changing.turn), 0) as turns
from changing
