-- Collect, for each filter about a property, which events of this tick pass it.
-- Reads tick_event.
-- Where a filter is about products, one of the event's must fit all its parts at once. A text is
-- read as a date only once it is known to be one: PostgreSQL refuses any other.
with leaf as (
    select
        leaf.number,
        leaf.part,
        leaf.parts,
        leaf.is_of_product,
        leaf.name,
        leaf.path,
        leaf.anything,
        leaf.texts,
        leaf.part_text,
        leaf.beginning,
        leaf.numbers,
        leaf.moments,
        leaf.clocks,
        leaf.flag,
        leaf.item_texts,
        leaf.item_numbers,
        leaf.days,
        leaf.days <> '{}' or not isempty(leaf.clocks) as is_about_dates
    from
        jsonb_to_recordset(%(leaves)s::jsonb)
            as leaf (
                number integer,
                part integer,
                parts integer,
                is_of_product boolean,
                name text,
                path text[],
                anything boolean,
                texts text[],
                part_text text,
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

-- What the events say: one element of each event, or one for each of its products.
said as (
    select
        leaf.number,
        leaf.part,
        tick_event.event_id,
        0::bigint as element,
        case leaf.name
            when 'revenue' then to_jsonb(tick_event.revenue)
            when 'quantity' then to_jsonb(tick_event.quantity)
            when 'order_id' then to_jsonb(tick_event.order_id)
            when 'currency' then to_jsonb(tick_event.currency)
            when 'product_id' then to_jsonb(tick_event.product_id)
            when 'category' then to_jsonb(tick_event.category)
            else tick_event.properties #> leaf.path
        end as document
    from leaf
    cross join tick_event
    where not leaf.is_of_product
    union all
    select
        leaf.number,
        leaf.part,
        tick_event.event_id,
        product.element,
        product.document #> leaf.path
    from leaf
    cross join tick_event
    cross join
        lateral jsonb_array_elements(
            case jsonb_typeof(tick_event.properties -> 'products')
                when 'array' then tick_event.properties -> 'products'
            end
        ) with ordinality as product (document, element)
    where leaf.is_of_product
),

shaped as (
    select
        said.number,
        said.part,
        said.event_id,
        said.element,
        said.document,
        said.document #>> '{}' as written,
        jsonb_typeof(said.document) as kind,
        -- Whether it begins with a day of the calendar.
        case
            when not (said.document #>> '{}') ~ '^[12][0-9]{3}-(0[1-9]|1[0-2])-[0-3][0-9]'
                then false
            else
                substr(said.document #>> '{}', 9, 2)::integer between 1 and extract(
                    day from (substr(said.document #>> '{}', 1, 7) || '-01')::date
                    + interval '1 month' - interval '1 day'
                )
        end as begins_with_day
    from said
),

fitting as (
    select
        shaped.number,
        shaped.event_id,
        shaped.element,
        leaf.parts
    from shaped
    inner join leaf on shaped.number = leaf.number and shaped.part = leaf.part
    where
        case
            when shaped.document is null or shaped.kind = 'null' then false
            when leaf.anything then true
            when shaped.kind = 'number'
                then
                    round(shaped.written::numeric, 4) <@ leaf.numbers
                    and abs(round(shaped.written::numeric, 4)) < 100000000000000
            when shaped.kind = 'boolean' then shaped.document = to_jsonb(leaf.flag)
            when shaped.kind = 'array'
                then exists (
                    select
                    from jsonb_array_elements(shaped.document) as item (document)
                    where
                        case jsonb_typeof(item.document)
                            when 'string' then (item.document #>> '{}') = any(leaf.item_texts)
                            when 'number'
                                then
                                    round((item.document #>> '{}')::numeric, 4)
                                    <@ leaf.item_numbers
                        end
                )
            when shaped.kind <> 'string' then false
            when not leaf.is_about_dates
                then
                    shaped.written = any(leaf.texts)
                    or strpos(shaped.written, leaf.part_text) > 0
                    or starts_with(shaped.written, leaf.beginning)
            when not shaped.begins_with_day then false
            when leaf.days <> '{}'
                then
                    substr(shaped.written, 6, 5) = any(leaf.days)
                    and (shaped.written ~ %(plain_date)s or shaped.written ~ %(zoned_date)s)
            when shaped.written ~ %(plain_date)s then shaped.written::timestamp <@ leaf.clocks
            -- PostgreSQL reads no offset beyond 16 hours, so that it is added by hand.
            when shaped.written ~ %(zoned_date)s
                then
                    (
                        regexp_replace(shaped.written, '(Z|.{6})$', '')::timestamp
                        - case
                            when right(shaped.written, 1) <> 'Z'
                                then right(shaped.written, 6)::interval
                            else interval '0'
                        end
                    ) at time zone 'utc' <@ leaf.moments
        end
),

passed as (
    select
        fitting.number,
        fitting.event_id
    from fitting
    group by fitting.number, fitting.event_id, fitting.element, fitting.parts
    having count(*) = fitting.parts
)

select
    passed.number,
    string_agg(distinct int8send(passed.event_id), '') as event_ids
from passed
group by passed.number
