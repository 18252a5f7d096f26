-- Begin an import, or find how far an earlier one of the same file came.
-- Writes import_file. Locks its row.
insert into import_file (
    workspace_id, fingerprint, file_name, kind, state, rows_done, report, started_at
)
values (
    %(workspace_id)s, %(fingerprint)s, %(file_name)s, %(kind)s, 'running', 0, '{}', %(now)s
)
on conflict (workspace_id, fingerprint) do update set file_name = excluded.file_name
returning id, state, rows_done, report::text
