-- Skip advertising that the customer did not agree to, as far as the law of their country asks.
-- Reads candidate, workspace, activity. Writes objection. Locks nothing.
-- Who refused or took consent back is never written to. Whoever said nothing is, where the law
-- lets the shop write until they object, and, if the shop wants that, a buyer about goods like
-- those bought: bought_since is from when a purchase counts.
with rule as (
    select
        term.law,
        term.channel,
        term.asked,
        case when workspace.similar_goods then term.bought_since end as bought_since
    from
        unnest(
            %(consent_laws)s::text[],
            %(consent_channels)s::channel[],
            %(consent_asked)s::boolean[],
            %(bought_since)s::timestamptz[]
        ) as term (law, channel, asked, bought_since)
    inner join workspace on workspace.id = %(workspace_id)s
),

unasked as (
    select candidate.message_id
    from candidate
    inner join rule on candidate.law = rule.law and candidate.channel = rule.channel
    where
        candidate.purpose = 'marketing'
        and candidate.consent_state is distinct from 'granted'
        and (
            candidate.consent_state is not null
            or (
                rule.asked
                and (
                    not candidate.similar_goods
                    or rule.bought_since is null
                    or not exists (
                        select
                        from activity
                        where
                            activity.customer_id = candidate.customer_id
                            and activity.event_name = 'Order Completed'
                            and activity.last_at >= rule.bought_since
                    )
                )
            )
        )
)

insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    unasked.message_id,
    'skip',
    'no_consent'
from unasked
