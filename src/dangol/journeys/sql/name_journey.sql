-- Make sure the journey exists under its current titles, and as important as it is to be.
-- Reads nothing. Writes journey. Locks the journey, so that two who publish it take turns.
insert into journey (workspace_id, name, title_ko, title_en, priority, created_at)
values (%(workspace_id)s, %(name)s, %(title_ko)s, %(title_en)s, %(priority)s, %(now)s)
on conflict (workspace_id, name) do update
    set
        title_ko = excluded.title_ko,
        title_en = excluded.title_en,
        priority = excluded.priority
returning id
