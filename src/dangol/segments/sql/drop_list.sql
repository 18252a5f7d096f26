-- Forget a list that nobody is on any more.
-- Writes customer_list. Locks the list.
delete from customer_list
where customer_list.id = %(list_id)s
