-- End a new sender's warm-up.
-- Writes provider_warm_up. Locks its row.
delete from provider_warm_up
where provider = %(provider)s
