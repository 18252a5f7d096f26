-- Tell customers what changed because of them.
-- Writes feedback_note.
insert into feedback_note (workspace_id, text_ko, text_en, published_at)
values (%(workspace_id)s, %(text_ko)s, %(text_en)s, %(now)s)
returning id
