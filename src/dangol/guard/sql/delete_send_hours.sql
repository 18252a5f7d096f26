-- Forget when customers usually react, to note it anew or because nobody asks any more.
-- Writes send_hour. Locks the rows it deletes.
delete from send_hour
where send_hour.workspace_id = %(workspace_id)s
