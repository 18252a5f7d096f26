-- Which of these events has no customer ever done, and which of these traits has nobody ever had?
-- Reads activity, trait_type.
select events.name
from unnest(%(events)s::text[]) as events (name)
where
    not exists (
        select
        from activity
        where activity.workspace_id = %(workspace_id)s and activity.event_name = events.name
    )
union all
select traits.name
from unnest(%(traits)s::text[]) as traits (name)
where not exists (
    select
    from trait_type
    where
        trait_type.workspace_id = %(workspace_id)s
        and trait_type.event_name = ''
        and trait_type.name = traits.name
)
