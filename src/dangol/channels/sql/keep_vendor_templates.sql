-- Keep what a vendor lists of our templates of one channel; what it no longer lists is gone.
-- Reads nothing. Writes vendor_template. Locks the vendor's rows.
with listed as (
    select distinct on (told.code)
        told.code,
        told.name,
        told.body_text,
        told.buttons::jsonb as buttons,
        told.emphasis_title,
        told.emphasis_subtitle,
        told.state::template_state as state,
        told.comment
    from
        unnest(
            %(codes)s::text[],
            %(names)s::text[],
            %(texts)s::text[],
            %(buttons)s::text[],
            %(titles)s::text[],
            %(subtitles)s::text[],
            %(states)s::text[],
            %(comments)s::text[]
        ) as told (
            code, name, body_text, buttons, emphasis_title, emphasis_subtitle, state, comment
        )
    order by told.code
),

gone as (
    update vendor_template
    set state = 'gone', since = %(now)s::timestamptz
    where
        vendor_template.provider = %(provider)s
        and vendor_template.channel = %(channel)s::channel
        and vendor_template.state <> 'gone'
        and vendor_template.code <> all(%(codes)s::text[])
)

insert into vendor_template (
    provider, channel, code, name, body_text, buttons, emphasis_title, emphasis_subtitle, state,
    comment, since
)
select
    %(provider)s,
    %(channel)s::channel,
    listed.code,
    listed.name,
    listed.body_text,
    listed.buttons,
    listed.emphasis_title,
    listed.emphasis_subtitle,
    listed.state,
    listed.comment,
    %(now)s::timestamptz
from listed
on conflict (provider, channel, code) do update
    set
        name = excluded.name,
        body_text = excluded.body_text,
        buttons = excluded.buttons,
        emphasis_title = excluded.emphasis_title,
        emphasis_subtitle = excluded.emphasis_subtitle,
        state = excluded.state,
        comment = excluded.comment,
        since = case
            when vendor_template.state = excluded.state then vendor_template.since
            else excluded.since
        end
