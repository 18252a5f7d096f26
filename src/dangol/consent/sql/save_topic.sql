-- Add a topic, or give one its new titles.
-- Writes topic. Locks the topic.
insert into topic (workspace_id, name, title_ko, title_en, created_at)
values (%(workspace_id)s, %(name)s, %(title_ko)s, %(title_en)s, %(now)s)
on conflict (workspace_id, name) do update
    set
        title_ko = excluded.title_ko,
        title_en = excluded.title_en
returning id, name, title_ko, title_en
