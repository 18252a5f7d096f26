-- Collect, for each condition about something known of a customer, whom it holds for.
-- Reads asked_customer, customer.
-- A text is read as a date only once it is known to be one: PostgreSQL refuses any other. What is
-- known is fetched once, or each use of it would look into the traits again. Customers are looked
-- up one by one: joined, the planner reads all there are up to the last who is asked about.
with leaf as (
    select
        leaf.number,
        leaf.fact,
        leaf.path,
        leaf.anything,
        leaf.texts,
        leaf.part,
        leaf.beginning,
        leaf.numbers,
        leaf.moments,
        leaf.clocks,
        leaf.flag,
        leaf.item_texts,
        leaf.item_numbers,
        leaf.days,
        leaf.days <> '{}' or not isempty(leaf.clocks) as is_about_dates
    from jsonb_to_recordset(%(leaves)s::jsonb) as leaf (
        number integer,
        fact text,
        path text[],
        anything boolean,
        texts text[],
        part text,
        beginning text,
        numbers nummultirange,
        moments tstzmultirange,
        clocks tsmultirange,
        flag boolean,
        item_texts text[],
        item_numbers nummultirange,
        days text[]
    )
),

known as materialized (
    select
        leaf.number,
        customer.id as customer_id,
        case leaf.fact
            when 'first_seen_at' then customer.first_seen_at
            when 'last_seen_at' then customer.last_seen_at
        end as moment,
        case
            when leaf.fact is null then customer.traits #> leaf.path
            when leaf.fact = 'locale' then to_jsonb(customer.locale)
            when leaf.fact = 'country' then to_jsonb(customer.country)
            when leaf.fact = 'time_zone' then to_jsonb(customer.time_zone)
        end as document
    from asked_customer
    cross join
        lateral (
            select
                found.id,
                found.traits,
                found.locale,
                found.country,
                found.time_zone,
                found.first_seen_at,
                found.last_seen_at
            from customer as found
            where asked_customer.customer_id = found.id
            order by found.id
            limit 1
        ) as customer
    cross join leaf
),

shaped as (
    select
        known.number,
        known.customer_id,
        known.moment,
        known.document,
        known.document #>> '{}' as written,
        jsonb_typeof(known.document) as kind,
        -- Whether it begins with a day of the calendar.
        case
            when
                not (known.document #>> '{}') ~ '^[12][0-9]{3}-(0[1-9]|1[0-2])-[0-3][0-9]'
                then false
            else
                substr(known.document #>> '{}', 9, 2)::integer between 1 and extract(
                    day from (substr(known.document #>> '{}', 1, 7) || '-01')::date
                    + interval '1 month' - interval '1 day'
                )
        end as begins_with_day
    from known
)

select
    shaped.number,
    string_agg(int8send(shaped.customer_id), '') as customer_ids
from shaped
inner join leaf on shaped.number = leaf.number
where
    case
        when shaped.moment is not null then shaped.moment <@ leaf.moments
        else case shaped.kind
            when 'string'
                then case
                    when leaf.anything then true
                    when not leaf.is_about_dates
                        then
                            shaped.written = any(leaf.texts)
                            or (leaf.part is not null and strpos(shaped.written, leaf.part) > 0)
                            or (
                                leaf.beginning is not null
                                and starts_with(shaped.written, leaf.beginning)
                            )
                    when not shaped.begins_with_day then false
                    when leaf.days <> '{}'
                        then
                            substr(shaped.written, 6, 5) = any(leaf.days)
                            and (
                                shaped.written ~ %(plain_date)s
                                or shaped.written ~ %(zoned_date)s
                            )
                    when shaped.written ~ %(plain_date)s
                        then shaped.written::timestamp <@ leaf.clocks
                    -- PostgreSQL reads no offset beyond 16 hours, so that it is added by hand.
                    when shaped.written ~ %(zoned_date)s
                        then
                            (
                                regexp_replace(shaped.written, '(Z|.{6})$', '')::timestamp
                                - case
                                    when
                                        right(shaped.written, 1) <> 'Z'
                                        then right(shaped.written, 6)::interval
                                    else interval '0'
                                end
                            ) at time zone 'utc' <@ leaf.moments
                end
            when 'number'
                then
                    leaf.anything
                    or (
                        round(shaped.written::numeric, 4) <@ leaf.numbers
                        and abs(round(shaped.written::numeric, 4)) < 100000000000000
                    )
            when 'boolean' then leaf.anything or shaped.document = to_jsonb(leaf.flag)
            when 'array'
                then
                    leaf.anything
                    or exists (
                        select
                        from jsonb_array_elements(shaped.document) as item (document)
                        where
                            case jsonb_typeof(item.document)
                                when 'string'
                                    then (item.document #>> '{}') = any(leaf.item_texts)
                                when 'number'
                                    then
                                        round((item.document #>> '{}')::numeric, 4)
                                        <@ leaf.item_numbers
                            end
                    )
            when 'object' then leaf.anything
        end
    end
group by shaped.number
