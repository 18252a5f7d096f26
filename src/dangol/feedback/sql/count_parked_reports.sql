-- Count the reports of no message that we know, by vendor.
-- Reads parked_report.
select
    provider,
    count(*) as reports
from parked_report
group by provider
order by provider
