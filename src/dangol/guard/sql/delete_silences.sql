-- Forget who had stopped reacting, to note it anew.
-- Writes silence. Locks the rows it deletes.
delete from silence
where silence.workspace_id = %(workspace_id)s
