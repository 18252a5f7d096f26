-- Note for which customers the answer to a question is yes.
-- Reads nothing. Writes answer.
insert into answer (question, customer_id)
select
    %(question)s,
    given.customer_id
from unnest(%(ids)s::bigint[]) as given (customer_id)
