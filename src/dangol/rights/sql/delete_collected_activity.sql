-- Delete what is counted of a customer's events of these names, and blank what they let in.
-- Reads journey_version. Writes activity, enrollment. Locks the rows it changes.
with blanked as (
    update enrollment
    set entry_properties = null
    from journey_version
    where
        enrollment.workspace_id = %(workspace_id)s
        and enrollment.customer_id = %(customer_id)s
        and enrollment.version_id = journey_version.id
        and journey_version.entry_event = any(%(event_names)s::text[])
)

delete from activity
where
    activity.workspace_id = %(workspace_id)s
    and activity.customer_id = %(customer_id)s
    and activity.event_name = any(%(event_names)s::text[])
