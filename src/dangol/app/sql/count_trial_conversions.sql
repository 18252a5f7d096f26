-- Count a version's conversions, and add up what they brought, by currency.
-- Reads conversion. Writes nothing. Locks nothing.
select
    coalesce(conversion.currency, '') as currency,
    count(*) as conversions,
    coalesce(sum(conversion.revenue), 0) as revenue
from conversion
where conversion.version_id = %(version_id)s
group by 1
order by 1
