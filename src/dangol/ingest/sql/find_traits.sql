-- Do this tick's events tell anything of people, or of what happened?
-- Reads tick_event.
select
    exists (
        select 1
        from tick_event
        where tick_event.traits <> '{}'
    ) as traits,
    exists (
        select 1
        from tick_event
        where tick_event.properties <> '{}'
    ) as properties
