-- List the names of a customer's events that belong to a purpose.
-- Reads activity, collection_purpose.
select activity.event_name
from activity
inner join collection_purpose
    on purpose_of_event(%(workspace_id)s, activity.event_name) = collection_purpose.id
where
    activity.workspace_id = %(workspace_id)s
    and activity.customer_id = %(customer_id)s
    and collection_purpose.name = %(purpose_name)s
order by activity.event_name
