-- Every journey with its enrollments by state.
-- Reads journey, enrollment.
select
    journey.id,
    journey.name,
    journey.title_ko,
    journey.title_en,
    journey.state,
    count(enrollment.id) as enrolled,
    count(enrollment.id) filter (where enrollment.state = 'active') as active,
    count(enrollment.id) filter (where enrollment.state = 'waiting') as waiting,
    count(enrollment.id) filter (where enrollment.state = 'ended') as ended,
    count(enrollment.id) filter (where enrollment.end_reason = 'goal_met') as goal_met,
    count(enrollment.id) filter (where enrollment.state = 'parked') as parked
from journey
left join enrollment on journey.id = enrollment.journey_id
where journey.workspace_id = %(workspace_id)s
group by journey.id
order by journey.id
