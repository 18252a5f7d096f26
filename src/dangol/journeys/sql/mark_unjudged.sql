-- Mark whoever's entry nobody could judge: they are set aside, where they can be seen.
-- Reads question. Writes entrant.
update entrant
set parked_because = question.fault
from question
where
    entrant.version_id = question.version_id
    and question.number = 0
    and question.fault is not null
