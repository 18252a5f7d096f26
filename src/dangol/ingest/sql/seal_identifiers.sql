-- Seal the identifiers that this tick has found, under the key of the part they first came with.
-- Reads tick_contact. Writes identifier.
with first_seal as (
    select distinct on (tick_contact.kind, tick_contact.key)
        tick_contact.kind,
        tick_contact.key,
        tick_contact.sealed,
        tick_contact.customer_id
    from tick_contact
    order by tick_contact.kind, tick_contact.key, tick_contact.customer_id
)

update identifier
set sealed = first_seal.sealed, key_of = first_seal.customer_id
from first_seal
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.kind = first_seal.kind
    and identifier.key = first_seal.key
    and identifier.sealed = ''
