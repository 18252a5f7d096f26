-- Note that a journey got another version, and what became of those inside.
-- Writes journey_publication. Locks nothing.
insert into journey_publication (
    workspace_id,
    journey_id,
    version_id,
    was_version_id,
    inside,
    step_map,
    moved,
    let_go,
    continued,
    published_at,
    published_by
)
values (
    %(workspace_id)s,
    %(journey_id)s,
    %(version_id)s,
    %(was_version_id)s,
    %(inside)s::inside_policy,
    %(step_map)s::jsonb,
    %(moved)s,
    %(let_go)s,
    %(continued)s,
    %(now)s,
    %(by)s
)
