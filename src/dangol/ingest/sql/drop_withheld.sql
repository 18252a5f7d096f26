-- Let no stage see what is not kept.
-- Reads withheld. Writes arrival.
delete from arrival
using withheld
where
    arrival.event_id = withheld.event_id
    and withheld.trait = ''
    and not withheld.carries
