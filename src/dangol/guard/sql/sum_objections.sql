-- Say of every message that a rule spoke against what that comes to: the first to speak decides.
-- Reads objection. Writes ruling. Locks nothing.
insert into ruling (message_id, verdict, reasons, hold_until)
select
    objection.message_id,
    (array_agg(objection.verdict order by objection.rule))[1],
    array_agg(objection.reason order by objection.rule),
    (array_agg(objection.hold_until order by objection.rule))[1]
from objection
group by objection.message_id
