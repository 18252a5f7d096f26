-- Let a head rest as long, and be written to as seldom, as any of those who became its parts.
-- Reads person_move. Writes preference. Locks the preferences.
-- Theirs stay as they are, for when they are told apart again.
insert into preference (
    workspace_id, customer_id, snoozed_until, weekly_messages, changed_at
)
select
    %(workspace_id)s,
    person_move.to_id,
    max(preference.snoozed_until),
    min(preference.weekly_messages),
    max(preference.changed_at)
from person_move
inner join preference on person_move.person_id = preference.customer_id
where person_move.to_id <> person_move.person_id
group by person_move.to_id
on conflict (customer_id) do update
    set
        snoozed_until = greatest(preference.snoozed_until, excluded.snoozed_until),
        weekly_messages = least(preference.weekly_messages, excluded.weekly_messages),
        changed_at = greatest(preference.changed_at, excluded.changed_at)
