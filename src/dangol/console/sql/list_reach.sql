-- Tell on which channels a journey advertises, and whether that could reach a customer.
-- Reads journey, journey_step, journey_rung, template, consent, address, suppression.
with sent as (
    select
        journey_step.version_id,
        journey_step.template_id
    from journey_step
    union
    select
        journey_rung.version_id,
        journey_rung.template_id
    from journey_rung
)

select distinct
    template.channel,
    consent.state as consent,
    case
        when suppression.address_key is not null then 'suppressed'
        when template.channel = 'inapp' then 'reachable'
        else coalesce(address.state::text, 'missing')
    end as address
from journey
inner join sent on journey.version_id = sent.version_id
inner join template on sent.template_id = template.id
left join consent
    on
        consent.customer_id = %(customer_id)s
        and template.channel = consent.channel
        and template.purpose = consent.purpose
left join address
    on address.customer_id = %(customer_id)s and template.channel = address.channel
left join suppression
    on
        address.workspace_id = suppression.workspace_id
        and address.channel = suppression.channel
        and address.key = suppression.address_key
where
    journey.workspace_id = %(workspace_id)s
    and journey.name = %(journey)s
    and template.purpose = 'marketing'
order by template.channel
