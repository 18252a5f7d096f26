-- Let a customer rest until a moment; null ends the rest.
-- Writes preference. Locks the preference.
insert into preference (workspace_id, customer_id, snoozed_until, changed_at)
values (%(workspace_id)s, %(customer_id)s, %(until)s, %(now)s)
on conflict (customer_id) do update
    set
        snoozed_until = excluded.snoozed_until,
        changed_at = excluded.changed_at
