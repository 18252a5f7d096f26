-- Count the allowed messages of each channel and purpose, and how long the oldest has waited.
-- Reads message. Writes nothing. Locks nothing.
select
    message.channel,
    message.purpose,
    count(*) as waiting,
    count(*) filter (where message.act_at > %(now)s::timestamptz) as later,
    min(message.act_at) filter (where message.act_at <= %(now)s::timestamptz) as oldest_at
from message
where message.workspace_id = %(workspace_id)s and message.state = 'allowed'
group by message.channel, message.purpose
order by message.channel, message.purpose desc
