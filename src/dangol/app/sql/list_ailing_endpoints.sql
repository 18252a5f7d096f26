-- List the endpoints that are given up, and those whose last ten calls or more have failed.
-- Reads webhook_endpoint.
select
    webhook_endpoint.name,
    webhook_endpoint.failures,
    webhook_endpoint.failing_since,
    webhook_endpoint.disabled_at
from webhook_endpoint
where webhook_endpoint.disabled_at is not null or webhook_endpoint.failures >= 10
order by webhook_endpoint.name
