-- Find whose visit it is, and let nobody else show them anything before this transaction is over.
-- Reads identifier, customer. Locks the customer; gives none while somebody else has it.
-- A browser's own id stands for whoever signed in on it as well: a note for them is shown to them
-- only, once the shop says that it is they who sit there.
select customer.id
from identifier
inner join customer on identifier.customer_id = customer.id
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.kind = %(kind)s::identifier_kind
    and identifier.key = %(key)s
    and customer.state = 'active'
    and (
        identifier.kind = 'external'
        or not exists (
            select
            from identifier as account
            where account.customer_id = customer.id and account.kind = 'external'
        )
    )
for no key update of customer skip locked
