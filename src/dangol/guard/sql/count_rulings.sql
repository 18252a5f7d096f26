-- Count what the rules decided, by the reason of the rule that decided.
-- Reads ruling.
select
    ruling.reasons[1] as reason,
    count(*) as messages
from ruling
group by ruling.reasons[1]
