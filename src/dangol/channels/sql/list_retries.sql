-- List when, by whom and why a message was tried again.
-- Reads delivery, delivery_retry.
select
    delivery_retry.asked_at,
    delivery_retry.asked_by,
    delivery_retry.reason,
    delivery_retry.was
from delivery as shown
inner join delivery on shown.message_id = delivery.message_id
inner join delivery_retry on delivery.id = delivery_retry.delivery_id
where shown.workspace_id = %(workspace_id)s and shown.id = %(delivery_id)s
order by delivery_retry.id
