-- Count which traits and properties this tick's events have, and of which kinds.
-- Reads tick_event. Writes trait_type, trait_surplus.
-- Of an event that comes very often in this tick one in so many is looked at, and stands for them;
-- which ones, their numbers decide by a hash, for neighbours may be alike.
with shown as (
    select
        tick_event.name,
        ceil(count(*) / %(most_looked_at)s::numeric)::bigint as stands_for
    from tick_event
    group by tick_event.name
),

looked_at as (
    select
        tick_event.name,
        tick_event.properties,
        tick_event.occurred_at,
        shown.stands_for
    from tick_event
    inner join shown on tick_event.name = shown.name
    where mod(hashint8(tick_event.event_id)::bigint + 2147483648, shown.stands_for) = 0
),

said as (
    select
        '' as event_name,
        trait.key as name,
        jsonb_typeof(trait.value) as written,
        tick_event.occurred_at,
        1 as stands_for
    from tick_event
    cross join lateral jsonb_each(tick_event.traits) as trait
    where %(traits)s
    union all
    select
        looked_at.name as event_name,
        property.key as name,
        jsonb_typeof(property.value) as written,
        looked_at.occurred_at,
        looked_at.stands_for
    from looked_at
    cross join lateral jsonb_each(looked_at.properties) as property
),

summed as (
    select
        said.event_name,
        said.name,
        case said.written
            when 'string' then 'text'
            when 'array' then 'list'
            else said.written
        end::value_kind as kind,
        sum(said.stands_for)::bigint as count,
        min(said.occurred_at) as first_at,
        max(said.occurred_at) as last_at,
        length(said.name) > %(longest_name)s as is_long
    from said
    where said.written <> 'null'
    group by said.event_name, said.name, said.written
),

-- Names that the workspace has not seen yet, behind those it has.
unknown as (
    select
        fresh.event_name,
        fresh.name,
        row_number() over (order by fresh.first_at, fresh.event_name, fresh.name) + (
            select count(*)
            from (
                select distinct
                    trait_type.event_name,
                    trait_type.name
                from trait_type
                where trait_type.workspace_id = %(workspace_id)s
            ) as known
        ) as place
    from (
        select
            summed.event_name,
            summed.name,
            min(summed.first_at) as first_at
        from summed
        where
            not summed.is_long
            and not exists (
                select from trait_type
                where
                    trait_type.workspace_id = %(workspace_id)s
                    and trait_type.event_name = summed.event_name
                    and trait_type.name = summed.name
            )
        group by summed.event_name, summed.name
    ) as fresh
),

judged as (
    select
        summed.event_name,
        summed.name,
        summed.kind,
        summed.count,
        summed.first_at,
        summed.last_at,
        case
            when summed.is_long then 'too_long'
            when unknown.place > %(most_properties)s then 'too_many_names'
        end::surplus_reason as reason
    from summed
    left join unknown
        on summed.event_name = unknown.event_name and summed.name = unknown.name
),

-- Traits have been counted already when they were taken out: those that remain are within bounds.
passed_over as (
    insert into trait_surplus (workspace_id, event_name, reason, count, last_seen_at)
    select
        %(workspace_id)s,
        judged.event_name,
        judged.reason,
        sum(judged.count),
        max(judged.last_at)
    from judged
    where judged.reason is not null
    group by judged.event_name, judged.reason
    on conflict (workspace_id, event_name, reason) do update
        set
            count = trait_surplus.count + excluded.count,
            last_seen_at = greatest(trait_surplus.last_seen_at, excluded.last_seen_at)
)

insert into trait_type (
    workspace_id, event_name, name, kind, count, first_seen_at, last_seen_at
)
select
    %(workspace_id)s,
    judged.event_name,
    judged.name,
    judged.kind,
    judged.count,
    judged.first_at,
    judged.last_at
from judged
where judged.reason is null
on conflict (workspace_id, event_name, name, kind) do update
    set
        count = trait_type.count + excluded.count,
        first_seen_at = least(trait_type.first_seen_at, excluded.first_seen_at),
        last_seen_at = greatest(trait_type.last_seen_at, excluded.last_seen_at)
