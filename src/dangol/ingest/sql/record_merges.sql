-- Note who became a part of whom, why, and what they bring.
-- Reads person_move, crossing, membership. Writes customer_merge.
insert into customer_merge (
    workspace_id, head_id, part_id, kind, source, merged_at, enrollment_ids, message_ids,
    memberships
)
select
    %(workspace_id)s,
    person_move.to_id,
    person_move.person_id,
    person_move.kind,
    coalesce(person_move.source, 'event'),
    %(now)s::timestamptz,
    array(
        select crossing.id
        from crossing
        where crossing.what = 'enrollment' and crossing.person_id = person_move.person_id
        order by crossing.id
    ),
    array(
        select crossing.id
        from crossing
        where crossing.what = 'message' and crossing.person_id = person_move.person_id
        order by crossing.id
    ),
    coalesce(
        (
            select
                jsonb_agg(
                    jsonb_build_object(
                        'segment_id',
                        membership.segment_id,
                        'entered_at',
                        membership.entered_at,
                        'new',
                        not exists (
                            select 1
                            from membership as already
                            where
                                already.segment_id = membership.segment_id
                                and already.customer_id = person_move.to_id
                        )
                    )
                )
            from membership
            where membership.customer_id = person_move.person_id
        ),
        '[]'
    )
from person_move
where
    person_move.to_id <> person_move.person_id and person_move.to_id <> person_move.from_id
