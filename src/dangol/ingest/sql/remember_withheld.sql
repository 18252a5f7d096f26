-- Remember the message ids of what is not kept for seven days, so that a repeat is counted once.
-- Reads withheld, arrival. Writes acted_event.
insert into acted_event (workspace_id, message_id, event_id, customer_id, keep_until)
select
    %(workspace_id)s,
    arrival.message_id,
    arrival.event_id,
    null,
    arrival.received_at + interval '7 days'
from arrival
inner join withheld on arrival.event_id = withheld.event_id
where withheld.trait = '' and not withheld.carries
