"""Dangol keeps customers coming back. The flow, stage by stage; the tables are the interface.

ingest    event, customer           what happened, and to whom
consent   consent_entry, consent    what they allow
segments  membership                who belongs together now
journeys  enrollment, message       who is where, what is planned
guard     decision                  allow, hold until, skip because
channels  delivery                  handed over to a vendor
feedback  receipt, suppression      what became of it
insight   reads everything          what it all meant
app       runs them: `dangol up`
"""
