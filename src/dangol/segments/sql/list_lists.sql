-- List the uploaded lists, how many customers are on each, and which journeys ask for it; a part
-- counts for its head.
-- Reads customer_list, list_entry, customer, journey, journey_need.
select
    customer_list.id,
    customer_list.name,
    customer_list.uploaded_at,
    customer_list.rows_given,
    count(distinct coalesce(customer.head_id, customer.id)) as matched,
    array(
        select journey.name
        from journey
        inner join journey_need on journey.version_id = journey_need.version_id
        where
            journey.workspace_id = customer_list.workspace_id
            and journey.state <> 'stopped'
            and journey_need.kind = 'list'
            and journey_need.name = customer_list.name
        order by journey.name
    ) as journeys
from customer_list
left join list_entry on customer_list.id = list_entry.list_id
left join customer on list_entry.customer_id = customer.id
where customer_list.workspace_id = %(workspace_id)s
group by customer_list.id
order by customer_list.name
