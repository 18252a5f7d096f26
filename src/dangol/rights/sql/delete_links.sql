-- Keep no longer what the customer's identifiers were seen with.
-- Reads identifier. Writes identity_link. Locks the rows it deletes.
delete from identity_link
using identifier
where
    identity_link.workspace_id = %(workspace_id)s
    and identifier.workspace_id = %(workspace_id)s
    and identifier.customer_id = %(customer_id)s
    and (
        (
            identity_link.from_kind = identifier.kind
            and identity_link.from_key = identifier.key
        )
        or (
            identity_link.to_kind = identifier.kind
            and identity_link.to_key = identifier.key
        )
    )
