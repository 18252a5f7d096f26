-- Count the messages of each journey that has planned any, the largest first.
-- Reads message, journey.
select
    journey.name,
    journey.title_ko,
    journey.title_en,
    count(*) as messages
from message
inner join journey on message.journey_id = journey.id
where message.workspace_id = %(workspace_id)s
group by journey.id
order by messages desc, journey.name
