-- Write a withdrawal into the ledger as the last word, even where our clock has gone backwards.
-- Reads customer, consent_entry. Writes consent_entry. Locks nothing.
with self as (
    select coalesce(customer.head_id, customer.id) as head_id
    from customer
    where customer.id = %(customer_id)s
),

part as (
    select
        customer.id,
        customer.joined_at
    from self
    inner join customer on self.head_id = customer.id or self.head_id = customer.head_id
)

insert into consent_entry (
    workspace_id,
    customer_id,
    channel,
    purpose,
    action,
    source,
    occurred_at,
    recorded_at,
    source_kind,
    actor,
    wording_version,
    box_preticked,
    client_at,
    evidence,
    evidence_hash,
    proof_token,
    proven_at
)
select
    %(workspace_id)s::integer,
    %(customer_id)s::bigint,
    %(channel)s::channel,
    %(purpose)s::purpose,
    'withdraw',
    %(source)s,
    greatest(
        %(now)s::timestamptz, max(consent_entry.occurred_at), max(part.joined_at)
    ),
    %(now)s::timestamptz,
    %(source_kind)s::consent_source,
    %(actor)s::text,
    %(wording_version)s::text,
    %(box_preticked)s::boolean,
    %(client_at)s::timestamptz,
    %(evidence)s::bytea,
    %(evidence_hash)s::bytea,
    %(proof_token)s::text,
    %(proven_at)s::timestamptz
from part
left join consent_entry
    on
        part.id = consent_entry.customer_id
        and consent_entry.channel = %(channel)s::channel
        and consent_entry.purpose = %(purpose)s::purpose
returning id
