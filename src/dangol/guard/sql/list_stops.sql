-- List the messages that are stopped, of one workspace or of all, the latest first.
-- Reads journey_stop, workspace, journey, template. Writes nothing. Locks nothing.
select
    journey_stop.id,
    workspace.name as workspace,
    journey.name as journey,
    template.name as template,
    journey_stop.sent,
    journey_stop.opt_outs,
    journey_stop.share_at_least,
    journey_stop.opt_out_limit,
    journey_stop.refused_because,
    journey_stop.stopped_at
from journey_stop
inner join workspace on journey_stop.workspace_id = workspace.id
inner join journey on journey_stop.journey_id = journey.id
inner join template on journey_stop.template_id = template.id
where
    journey_stop.resumed_at is null
    and journey_stop.workspace_id = coalesce(%(workspace_id)s::integer, journey_stop.workspace_id)
order by journey_stop.stopped_at desc, journey_stop.id
