-- Forget whom an earlier refresh in the same transaction found.
-- Writes found_member.
delete from found_member
