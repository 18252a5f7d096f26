-- Collect, for each condition about events, who does not answer as those who never did anything.
-- Reads asked_customer, activity.
-- What a clock that is ahead dated into the future has happened now.
select
    leaf.number,
    string_agg(int8send(activity.customer_id), '') as customer_ids
from
    jsonb_to_recordset(%(leaves)s::jsonb)
        as leaf (
            number integer,
            event text,
            measure text,
            numbers nummultirange,
            moments tstzmultirange,
            during tstzmultirange,
            otherwise boolean
        )
inner join activity on leaf.event = activity.event_name
inner join asked_customer on activity.customer_id = asked_customer.customer_id
where
    case leaf.measure
        when 'count' then (activity.count::numeric <@ leaf.numbers) <> leaf.otherwise
        when 'sum' then (activity.revenue <@ leaf.numbers) <> leaf.otherwise
        when 'first' then least(activity.first_at, %(now)s::timestamptz) <@ leaf.moments
        when 'last'
            then
                least(activity.last_at, %(now)s::timestamptz) <@ leaf.moments
                and least(activity.last_at, %(now)s::timestamptz) <@ leaf.during
    end
group by leaf.number
