-- Let no stage see what was set aside.
-- Writes arrival.
delete from arrival
