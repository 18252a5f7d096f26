-- Read up to when a vendor has been asked something.
-- Reads vendor_poll.
select vendor_poll.asked_until
from vendor_poll
where vendor_poll.provider = %(provider)s and vendor_poll.question = %(question)s
