-- How many customers there are, how many can be reached, and how many agreed to advertising.
-- Reads customer, address, consent, suppression.
select
    (
        select count(*)
        from customer
        where customer.workspace_id = %(workspace_id)s and customer.state = 'active'
    ) as total,
    (
        select count(distinct address.customer_id)
        from address
        inner join customer on address.customer_id = customer.id
        where
            address.workspace_id = %(workspace_id)s
            and address.state = 'reachable'
            and customer.head_id is null
    ) as reachable,
    (
        select count(distinct consent.customer_id)
        from consent
        where
            consent.workspace_id = %(workspace_id)s
            and consent.purpose = 'marketing'
            and consent.state = 'granted'
    ) as consented,
    (
        select count(*)
        from suppression
        where suppression.workspace_id = %(workspace_id)s
    ) as suppressed
