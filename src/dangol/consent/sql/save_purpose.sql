-- Add a purpose for which data is collected, or change the one of that name.
-- Writes collection_purpose. Locks the purpose.
insert into collection_purpose (
    workspace_id, name, title_ko, title_en, why_ko, why_en, basis, without_consent, event_names,
    trait_names, covers_rest, keep_events_days, keep_traits_days, active, created_at
)
values (
    %(workspace_id)s, %(name)s, %(title_ko)s, %(title_en)s, %(why_ko)s, %(why_en)s,
    %(basis)s::lawful_basis, %(without_consent)s::without_consent, %(event_names)s::text[],
    %(trait_names)s::text[], %(covers_rest)s, %(keep_events_days)s, %(keep_traits_days)s,
    %(active)s, %(now)s::timestamptz
)
on conflict (workspace_id, name) do update
    set
        title_ko = excluded.title_ko,
        title_en = excluded.title_en,
        why_ko = excluded.why_ko,
        why_en = excluded.why_en,
        basis = excluded.basis,
        without_consent = excluded.without_consent,
        event_names = excluded.event_names,
        trait_names = excluded.trait_names,
        covers_rest = excluded.covers_rest,
        keep_events_days = excluded.keep_events_days,
        keep_traits_days = excluded.keep_traits_days,
        active = excluded.active
