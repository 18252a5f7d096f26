-- Keep what products are; of each the last word counts, and the later row where two say it at once.
-- Writes product. Locks the products it changes.
insert into product (
    workspace_id,
    product_id,
    name,
    price,
    currency,
    category,
    url,
    image_url,
    in_stock,
    updated_at
)
select distinct on (said.product_id)
    %(workspace_id)s,
    said.product_id,
    said.name,
    said.price,
    said.currency,
    said.category,
    said.url,
    said.image_url,
    said.in_stock,
    said.updated_at
from
    unnest(
        %(product_ids)s::text[],
        %(names)s::text[],
        %(prices)s::numeric[],
        %(currencys)s::text[],
        %(categorys)s::text[],
        %(urls)s::text[],
        %(image_urls)s::text[],
        %(in_stocks)s::boolean[],
        %(updated_ats)s::timestamptz[]
    ) with ordinality as said (
        product_id, name, price, currency, category, url, image_url, in_stock, updated_at, place
    )
order by said.product_id, said.updated_at desc, said.place desc
on conflict (workspace_id, product_id) do update
    set
        name = excluded.name,
        price = excluded.price,
        currency = excluded.currency,
        category = excluded.category,
        url = excluded.url,
        image_url = excluded.image_url,
        in_stock = excluded.in_stock,
        updated_at = excluded.updated_at
    where excluded.updated_at >= product.updated_at
