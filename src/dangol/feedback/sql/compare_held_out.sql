-- Count, journey by journey, who came to its goal: of those held out from advertising, and of the
-- others, whoever entered in a time.
-- Reads workspace, enrollment, journey, conversion.
-- The share held out is told as guard/sql/skip_held_out.sql tells it.
select
    journey.name as journey,
    count(*) filter (where share.held_out) as held_out,
    count(*) filter (where share.held_out and share.converted) as held_out_converted,
    count(*) filter (where not share.held_out) as others,
    count(*) filter (where not share.held_out and share.converted) as others_converted
from (
    select
        enrollment.journey_id,
        (
            mod(
                ('x' || left(md5('holdout:' || enrollment.customer_id), 8))
                ::bit(32)::bigint,
                1000
            )
        ) < workspace.holdout_permille as held_out,
        conversion.enrollment_id is not null as converted
    from enrollment
    inner join workspace on enrollment.workspace_id = workspace.id
    left join conversion on enrollment.id = conversion.enrollment_id
    where
        enrollment.workspace_id = %(workspace_id)s
        and workspace.holdout_permille > 0
        and enrollment.entered_at >= %(since)s::timestamptz
        and enrollment.entered_at < %(until)s::timestamptz
) as share
inner join journey on share.journey_id = journey.id
group by journey.name
order by journey.name
