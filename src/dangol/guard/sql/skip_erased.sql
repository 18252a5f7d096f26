-- Skip what would go to a customer who asked to be forgotten.
-- Reads customer. Writes candidate. Locks nothing.
update candidate
set verdict = 'skip', reason = 'erased'
from customer
where
    candidate.verdict is null
    and candidate.customer_id = customer.id
    and customer.state = 'erased'
