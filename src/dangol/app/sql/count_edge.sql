-- Count what the edge has to tell: waiting webhooks, names of two kinds, what is too much.
-- Reads shop_waiting, trait_type, trait_surplus, product.
select
    (
        select count(*)
        from (
            select distinct
                shop_waiting.connection_id,
                shop_waiting.message_id
            from shop_waiting
        ) as held
    ) as waiting,
    (select min(shop_waiting.received_at) from shop_waiting) as oldest_waiting_at,
    (
        select count(distinct trait_type.name) from trait_type
        where trait_type.event_name = '')
        as traits,
    (
        select coalesce(string_agg(mixed.name, ', ' order by mixed.name), '')
        from (
            select trait_type.name
            from trait_type
            where trait_type.event_name = ''
            group by trait_type.workspace_id, trait_type.name
            having count(*) > 1
        ) as mixed
    ) as mixed_names,
    (select coalesce(sum(trait_surplus.count), 0)::bigint from trait_surplus) as surplus,
    (select count(*) from product) as products
