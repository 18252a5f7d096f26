-- Count what is withheld, by the shop's day; by name where a shop wants its totals.
-- Reads withheld, arrival, workspace. Writes collection_count. Locks the counts it changes.
insert into collection_count (workspace_id, day, purpose_name, kind, event_name, count)
select
    workspace.id,
    (least(arrival.occurred_at, arrival.received_at) at time zone workspace.time_zone)::date
        as day,
    withheld.purpose_name,
    case
        when withheld.trait <> '' then 'traits'
        when withheld.carries then 'emptied'
        when withheld.without_consent = 'drop' then 'dropped'
        else 'anonymous'
    end::withheld_kind as kind,
    case
        when withheld.trait = '' and withheld.without_consent = 'anonymous'
            then left(arrival.name, 200)
        else ''
    end as event_name,
    count(*)
from withheld
inner join arrival on withheld.event_id = arrival.event_id
inner join workspace on workspace.id = %(workspace_id)s
where
    withheld.trait = ''
    or not exists (
        select
        from withheld as whole
        where whole.event_id = withheld.event_id and whole.trait = '' and not whole.carries
    )
group by 1, 2, 3, 4, 5
on conflict (workspace_id, day, purpose_name, kind, event_name) do update
    set count = collection_count.count + excluded.count
