-- Note what a vendor calls a picture.
-- Reads nothing. Writes vendor_picture. Locks the row.
insert into vendor_picture (provider, use, hash, file_id, uploaded_at, lasts_until)
values (%(provider)s, %(use)s, %(hash)s, %(file_id)s, %(now)s, %(lasts_until)s)
on conflict (provider, hash, use) do update
    set
        file_id = excluded.file_id,
        uploaded_at = excluded.uploaded_at,
        lasts_until = excluded.lasts_until
