-- Take a receiver's limit away, and with it all that is known of it.
-- Writes provider_domain. Locks its row.
delete from provider_domain
where provider = %(provider)s and domain = %(domain)s
