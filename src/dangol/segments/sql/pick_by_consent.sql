-- Collect, for each condition about consent, whose last word is the one that is asked for, or who
-- ever said a word where none is.
-- Reads asked_customer, consent.
select
    leaf.number,
    string_agg(int8send(consent.customer_id), '') as customer_ids
from
    jsonb_to_recordset(%(leaves)s::jsonb)
        as leaf (
            number integer,
            channel channel,
            purpose purpose,
            state consent_state
        )
inner join consent
    on
        leaf.channel = consent.channel
        and leaf.purpose = consent.purpose
        and coalesce(leaf.state, consent.state) = consent.state
inner join asked_customer on consent.customer_id = asked_customer.customer_id
group by leaf.number
