-- List what changed because of customers, the newest first.
-- Reads feedback_note.
select
    feedback_note.id,
    feedback_note.text_ko,
    feedback_note.text_en,
    feedback_note.published_at
from feedback_note
where feedback_note.workspace_id = %(workspace_id)s
order by feedback_note.published_at desc, feedback_note.id desc
limit %(most)s
