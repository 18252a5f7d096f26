-- Unfold what the tick's events say about consent, and name what is wrong with each claim.
-- Reads tick_event, collection_purpose. Writes consent_claim. Locks nothing.
-- A claim may say when it was made, but never later than we heard it: a phone whose clock runs
-- ahead must not outvote a withdrawal made tomorrow. What it said is kept beside.
with claim as (
    select
        tick_event.event_id,
        coalesce(tick_event.part_id, tick_event.customer_id) as customer_id,
        item.position,
        tick_event.occurred_at,
        tick_event.received_at,
        item.value,
        to_jsonb(regexp_replace(item.value ->> 'occurred_at', 'Z$', '+00:00')) as said_at,
        to_jsonb(regexp_replace(item.value ->> 'proven_at', 'Z$', '+00:00')) as proof_at
    from tick_event
    cross join
        lateral
        jsonb_array_elements(
            case jsonb_typeof(tick_event.consents)
                when 'array' then tick_event.consents
                else '[null]'
            end
        ) with ordinality as item (value, position)
    where tick_event.customer_id is not null and tick_event.consents <> '[]'
),

-- A cast would stop the whole tick at a date that does not exist; a path says null.
dated as (
    select
        claim.*,
        coalesce(
            jsonb_path_query_first_tz(
                claim.said_at,
                '$.datetime("yyyy-mm-dd\"T\"HH24:MI:SSTZH:TZM")',
                silent => true
            ),
            jsonb_path_query_first_tz(
                claim.said_at,
                '$.datetime("yyyy-mm-dd\"T\"HH24:MI:SS.USTZH:TZM")',
                silent => true
            )
        ) #>> '{}' as dated_at,
        coalesce(
            jsonb_path_query_first_tz(
                claim.proof_at,
                '$.datetime("yyyy-mm-dd\"T\"HH24:MI:SSTZH:TZM")',
                silent => true
            ),
            jsonb_path_query_first_tz(
                claim.proof_at,
                '$.datetime("yyyy-mm-dd\"T\"HH24:MI:SS.USTZH:TZM")',
                silent => true
            )
        ) #>> '{}' as proven_at
    from claim
)

insert into consent_claim (
    event_id,
    customer_id,
    position,
    channel,
    purpose,
    collection,
    action,
    imported_state,
    source,
    source_kind,
    actor,
    wording,
    wording_version,
    locale,
    box_preticked,
    occurred_at,
    client_at,
    proof_token,
    proven_at,
    fault
)
select
    dated.event_id,
    dated.customer_id,
    dated.position,
    dated.value ->> 'channel',
    dated.value ->> 'purpose',
    dated.value ->> 'collection',
    dated.value ->> 'action',
    dated.value ->> 'imported_state',
    dated.value ->> 'source',
    coalesce(
        dated.value ->> 'source_kind',
        case when dated.value ->> 'action' = 'import' then 'import' end
    ),
    coalesce(dated.value ->> 'actor', ''),
    coalesce(dated.value ->> 'wording', ''),
    coalesce(dated.value ->> 'wording_version', ''),
    coalesce(dated.value ->> 'locale', ''),
    case
        when jsonb_typeof(dated.value -> 'box_preticked') = 'boolean'
            then (dated.value -> 'box_preticked')::boolean
    end,
    least(coalesce(dated.dated_at::timestamptz, dated.occurred_at), dated.received_at),
    case when dated.dated_at::timestamptz > dated.received_at then dated.dated_at::timestamptz end,
    coalesce(dated.value ->> 'proof_token', ''),
    dated.proven_at::timestamptz,
    case
        when jsonb_typeof(dated.value) <> 'object' then 'is not an object'
        when
            dated.value ->> 'collection' is not null
            and not exists (
                select
                from collection_purpose
                where
                    collection_purpose.workspace_id = %(workspace_id)s
                    and collection_purpose.name = dated.value ->> 'collection'
            )
            then 'collection'
        when
            dated.value ->> 'collection' is not null
            and (dated.value ->> 'action' in ('grant', 'refuse', 'withdraw', 'import')) is not true
            then 'action'
        when
            dated.value ->> 'collection' is not null
            and (dated.value ->> 'channel' is not null or dated.value ->> 'purpose' is not null)
            then 'collection'
        when
            dated.value ->> 'collection' is null
            and (dated.value ->> 'channel') = any(enum_range(null::channel)::text[]) is not true
            then 'channel'
        when
            dated.value ->> 'collection' is null
            and (dated.value ->> 'purpose') = any(enum_range(null::purpose)::text[]) is not true
            then 'purpose'
        when
            (dated.value ->> 'action') = any(enum_range(null::consent_action)::text[])
            is not true
            then 'action'
        when
            (dated.value ->> 'action') = 'import'
            and (dated.value ->> 'imported_state') = any(enum_range(null::consent_state)::text[])
            is not true
            then 'imported_state'
        when
            (dated.value ->> 'action') <> 'import'
            and (dated.value ->> 'imported_state') is not null
            then 'imported_state'
        when coalesce(dated.value ->> 'source', '') = '' then 'source'
        when dated.said_at is not null and dated.dated_at is null then 'occurred_at'
        when
            (dated.value ->> 'source_kind') = any(enum_range(null::consent_source)::text[])
            is false
            then 'source_kind'
        when
            coalesce(jsonb_typeof(dated.value -> 'box_preticked'), 'null')
            not in ('boolean', 'null')
            then 'box_preticked'
        when
            (coalesce(dated.value ->> 'proof_token', '') = '') <> (dated.proven_at is null)
            then 'proven_at'
    end
from dated
