-- Keep how many messages a week a customer wants at most; null for as many as the shop sends.
-- Writes preference. Locks the preference.
insert into preference (workspace_id, customer_id, weekly_messages, changed_at)
values (%(workspace_id)s, %(customer_id)s, %(weekly_messages)s, %(now)s)
on conflict (customer_id) do update
    set
        weekly_messages = excluded.weekly_messages,
        changed_at = excluded.changed_at
