-- Take the examples out of import reports that quote the customer.
-- Writes import_file. Locks the reports it changes.
update import_file
set report = import_file.report || '{"examples": {}}'
where
    import_file.workspace_id = %(workspace_id)s
    and exists (
        select
        from unnest(%(quotes)s::text[]) as quote (text)
        where quote.text <> '' and strpos(lower(import_file.report::text), quote.text) > 0
    )
