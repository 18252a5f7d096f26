-- Empty the working tables of who is who, which no commit empties.
-- Writes evidence, touched, placed, person_move, crossing, changed_head, tick_contact.
truncate evidence, touched, placed, person_move, crossing, changed_head, tick_contact
