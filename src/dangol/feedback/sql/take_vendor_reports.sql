-- Take what vendors told and nobody has looked at, in the order in which it came.
-- Reads nothing. Writes vendor_report. Locks the rows it takes.
with waiting as (
    select vendor_report.id
    from vendor_report
    where
        vendor_report.workspace_id = %(workspace_id)s
        and vendor_report.taken_at is null
    order by vendor_report.id
    limit %(batch)s
    for update skip locked
),

taken as (
    update vendor_report
    set taken_at = %(now)s::timestamptz
    from waiting
    where vendor_report.id = waiting.id
    returning
        vendor_report.id,
        vendor_report.provider,
        vendor_report.report,
        vendor_report.address_key,
        vendor_report.opted_out_at is not null as is_refusal
)

select
    taken.provider,
    taken.report,
    taken.address_key,
    taken.is_refusal
from taken
order by taken.id
