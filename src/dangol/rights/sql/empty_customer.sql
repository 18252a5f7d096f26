-- Leave of the customer an empty row, to which decisions and consents may refer.
-- Writes customer. Locks the customer.
update customer
set
    state = 'erased',
    locale = null,
    time_zone = null,
    country = null,
    traits = '{}',
    traits_at = '{}'
where customer.workspace_id = %(workspace_id)s and customer.id = %(customer_id)s
