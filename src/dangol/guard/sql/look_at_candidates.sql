-- Tell which of the rules that seldom speak may have something to say about the candidates.
-- Reads candidate, suppression, topic_refusal, preference, silence, journey, journey_stop,
-- conversion, workspace, vendor_template. Writes nothing. Locks nothing.
-- Each is named like its rule, and true wherever the rule would find somebody. Conversions are
-- looked up one by one: there are many more of them than candidates.
select
    exists(
        select
        from suppression
        where suppression.workspace_id = %(workspace_id)s
    ) as skip_suppressed,
    coalesce(bool_or(candidate.erased), false) as skip_erased,
    coalesce(bool_or(
        candidate.purpose = 'marketing' and candidate.consent_state is distinct from 'granted'
    ), false) as skip_without_consent,
    coalesce(bool_or(
        candidate.purpose = 'marketing'
        and candidate.confirmed_at < %(any_overdue_before)s::timestamptz
    ), false) as skip_until_renewed,
    coalesce(bool_or(
        candidate.purpose = 'marketing'
        and candidate.channel = any(%(forbidden_channels)s::channel[])
    ), false) as skip_forbidden_channel,
    coalesce(bool_or(candidate.channel in ('kakao_alimtalk', 'kakao_brand')), false)
    and exists (
        select
        from vendor_template
        where vendor_template.state <> 'approved'
    ) as skip_unapproved_template,
    coalesce(bool_or(candidate.topic_id is not null), false)
    and exists (select from topic_refusal) as skip_refused_topic,
    exists(
        select
        from preference
        where preference.snoozed_until > %(now)s::timestamptz
    ) as skip_while_snoozed,
    exists(
        select
        from silence
        where silence.workspace_id = %(workspace_id)s
    ) as skip_after_sunset,
    exists(
        select
        from workspace
        where workspace.id = %(workspace_id)s and workspace.holdout_permille > 0
    ) as skip_held_out,
    exists(
        select
        from candidate as planned
        inner join journey on planned.journey_id = journey.id
        where journey.state = 'stopped'
    ) as skip_stopped,
    exists(
        select
        from candidate as entered
        where entered.enrollment_id = any(
            select conversion.enrollment_id
            from conversion
            where conversion.enrollment_id = entered.enrollment_id
        )
    ) as skip_converted,
    coalesce(bool_or(candidate.rung > 0), false) as skip_arrived,
    coalesce(bool_or(candidate.expires_at <= %(now)s::timestamptz), false) as skip_expired,
    exists(
        select
        from journey_stop
        where journey_stop.workspace_id = %(workspace_id)s and journey_stop.resumed_at is null
    ) as hold_while_stopped,
    exists(
        select
        from candidate as planned
        inner join journey on planned.journey_id = journey.id
        where journey.state = 'paused'
    ) as hold_while_paused,
    exists(
        select
        from preference
        where preference.weekly_messages is not null
    ) as skip_over_wish,
    exists(
        select
        from silence
        where silence.workspace_id = %(workspace_id)s and silence.visits
    ) as skip_reduced
from candidate
