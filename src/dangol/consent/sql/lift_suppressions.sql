-- Let addresses be written to again whose holders have agreed anew, by an act of their own.
-- Reads customer, consent, consent_entry, address. Writes suppression. Locks what it deletes.
-- After a refusal every grant counts that shows what was agreed to; a browser's, whose key is
-- public, only with the proof of a confirmed address. After a complaint only one given on a page of
-- ours counts: its evidence is sealed, which no call can claim. A dead address stays dead, and what
-- somebody forbade by hand stays forbidden, whatever is said.
with asked as (
    select distinct coalesce(customer.head_id, customer.id) as head_id
    from customer
    where
        customer.workspace_id = %(workspace_id)s
        and customer.id = any(%(customer_ids)s::bigint[])
),

person as (
    select
        asked.head_id,
        asked.head_id as part_id
    from asked
    union all
    select
        asked.head_id,
        customer.id as part_id
    from asked
    inner join customer on asked.head_id = customer.head_id
),

lifted as (
    select
        suppression.channel,
        suppression.address_key
    from person
    inner join consent on person.head_id = consent.customer_id
    inner join address on person.part_id = address.customer_id and consent.channel = address.channel
    inner join suppression
        on
            address.workspace_id = suppression.workspace_id
            and address.channel = suppression.channel
            and address.key = suppression.address_key
    inner join person as speaker on person.head_id = speaker.head_id
    inner join consent_entry
        on
            speaker.part_id = consent_entry.customer_id
            and suppression.channel = consent_entry.channel
    where
        consent.purpose = 'marketing'
        and consent.state = 'granted'
        and consent_entry.purpose = 'marketing'
        and consent_entry.action = 'grant'
        and consent_entry.occurred_at > suppression.since
        and consent_entry.box_preticked is distinct from true
        and case suppression.reason
            when 'complained'
                then
                    consent_entry.source_kind = 'page' and consent_entry.evidence_hash is not null
            when 'unsubscribed'
                then
                    consent_entry.evidence_hash is not null
                    or consent_entry.proof_token <> ''
                    or (
                        consent_entry.wording <> ''
                        and consent_entry.source_kind is distinct from 'browser'
                    )
            else false
        end
)

delete from suppression
using lifted
where
    suppression.workspace_id = %(workspace_id)s
    and suppression.channel = lifted.channel
    and suppression.address_key = lifted.address_key
