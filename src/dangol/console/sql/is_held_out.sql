-- Tell whether a customer belongs to the share that gets no advertising, as the guard finds it.
-- Reads workspace.
select
    mod(
        ('x' || left(md5('holdout:' || %(customer_id)s::bigint), 8))::bit(32)::bigint, 1000
    ) < workspace.holdout_permille as held_out
from workspace
where workspace.id = %(workspace_id)s
