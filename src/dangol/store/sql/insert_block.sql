-- Append a block of bodies that came in at one moment for one workspace.
-- Writes event_block.
insert into event_block (workspace_id, received_at, events, size, bodies)
values (%(workspace_id)s, %(received_at)s, %(events)s, %(size)s, %(bodies)s)
