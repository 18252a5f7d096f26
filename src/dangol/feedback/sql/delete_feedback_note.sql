-- Take back what was told to customers.
-- Writes feedback_note. Locks the note.
delete from feedback_note
where feedback_note.workspace_id = %(workspace_id)s and feedback_note.id = %(note_id)s
returning feedback_note.id
