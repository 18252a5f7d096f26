-- Note that a message is stopped, unless it is already.
-- Writes journey_stop. Locks nothing.
insert into journey_stop (
    workspace_id,
    journey_id,
    template_id,
    sent,
    opt_outs,
    share_at_least,
    opt_out_limit,
    refused_because,
    stopped_at
)
values (
    %(workspace_id)s,
    %(journey_id)s,
    %(template_id)s,
    %(sent)s,
    %(opt_outs)s,
    %(share_at_least)s,
    %(opt_out_limit)s,
    %(refused_because)s,
    %(now)s
)
on conflict (journey_id, template_id) where resumed_at is null do nothing
