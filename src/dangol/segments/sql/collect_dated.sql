-- Collect who has a date in a trait that lies within a span, or may: of a date with an offset from
-- UTC only the day is compared, and one day more at either side.
-- Reads customer.
with span as (
    select
        string_to_array(unnest(%(traits)s::text[]), '.') as trait,
        unnest(%(clock_starts)s::text[]) as clock_start,
        unnest(%(clock_ends)s::text[]) as clock_end,
        unnest(%(utc_starts)s::text[]) as utc_start,
        unnest(%(utc_ends)s::text[]) as utc_end,
        unnest(%(day_starts)s::text[]) as day_start,
        unnest(%(day_ends)s::text[]) as day_end
)

select
    %(workspace_id)s::integer as workspace_id,
    string_agg(int8send(found.id), '') as customer_ids
from (
    select distinct customer.id
    from customer
    cross join span
    cross join
        lateral (
            select replace(left(customer.traits #>> span.trait, 40), ' ', 'T') collate "C" as date
        ) as said
    where
        customer.workspace_id = %(workspace_id)s
        and customer.state = 'active'
        and case
            when said.date ~ '(Z|[+-]00:00)$' then said.date between span.utc_start and span.utc_end
            when
                said.date ~ '[+-]\d\d:\d\d$'
                then said.date between span.day_start and span.day_end
            else said.date between span.clock_start and span.clock_end
        end
) as found
